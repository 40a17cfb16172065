import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { startServer } from './helpers/server.ts';

const page = readFileSync('docs/clients.md', 'utf8');
const run = promisify(execFile);

/** The code blocks of a language, as they stand there. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code);

test('shows each example as it is, and is run with it', () => {
  const programs = readdirSync('examples').filter(
    (file) => file.endsWith('.ts') && file !== 'relay-operations.ts' && !/^(tools?|embed)-/.test(file), // tools.md and embedding.md show those.
  );
  const sources = programs.map((file) => readFileSync(`examples/${file}`, 'utf8'));
  const shown = blocks('ts').filter((code) => !code.includes('CodegenConfig'));
  expect(shown.sort()).toEqual(sources.sort());
});

test('has a configuration of the code generator that makes the types of the examples', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [config = ''] = blocks('ts').filter((code) => code.includes('CodegenConfig'));
  writeFileSync(join(folder, 'codegen.ts'), config);
  for (const file of ['schema.graphql', 'examples/operations.ts']) cpSync(file, join(folder, file));
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  await run('npx', ['graphql-codegen', '--config', 'codegen.ts'], { cwd: folder });
  const read = (file: string) => readFileSync(file, 'utf8');
  expect(read(join(folder, 'generated/graphql.ts'))).toBe(read('examples/generated/graphql.ts'));
});

test('has curl commands that get their answers', async () => {
  const { url } = await startServer({ config: { auth: { keys: ['a-key'] } } });
  const env = { ...process.env, MODELQL_KEY: 'a-key' };
  const answers = await Promise.all(
    blocks('sh').map(async (command) => {
      const here = command.replaceAll('http://127.0.0.1:4000/graphql', url);
      const withKey = here.includes('$MODELQL_KEY')
        ? here
        : `${here.trimEnd()} -H "authorization: Bearer $MODELQL_KEY"`;
      return (await run('bash', ['-c', withKey], { env })).stdout;
    }),
  );
  expect(answers).toEqual([
    expect.stringContaining('{"id":"local/eliza"}'),
    expect.stringMatching(/ChatDelta[\s\S]*"finishReason":"STOP"[\s\S]*event: complete/),
    expect.stringContaining('What would it mean to you if you got a holiday ?'),
  ]);
});
