import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { load } from './helpers/config.ts';
import { PNG } from './helpers/pictures.ts';
import { startServer } from './helpers/server.ts';

const readme = readFileSync('README.md', 'utf8');

/** The code blocks of a language, as they stand there. */
const blocks = (language: string) =>
  [...readme.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code);

const HERE = 'http://127.0.0.1:4000';
const run = promisify(execFile);

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test('the configurations in the README are valid', () => {
  const names = new Set([...readme.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => [name, 'some-value'] as const));
  const examples = blocks('json');
  expect(examples.length).toBeGreaterThan(1);
  for (const example of examples) load(example, { environment: Object.fromEntries(names) });
});

test('the curl commands in the README get their answers', async () => {
  const { url } = await startServer();
  const commands = blocks('sh').filter((code) => code.startsWith('curl'));
  expect(commands).toHaveLength(3);
  const cwd = makeFolder();
  writeFileSync(join(cwd, 'cat.png'), PNG);
  const answers = await Promise.all(
    commands.map(
      async (command) => (await run('bash', ['-c', command.replaceAll(HERE, new URL(url).origin)], { cwd })).stdout,
    ),
  );
  expect(answers[0]).toMatch(/ChatStarted[\s\S]*ChatDelta[\s\S]*ChatFinished[\s\S]*event: complete/);
  expect(answers[1]).toContain('"url":"data:image/svg+xml;base64,');
  expect(answers[2]).toMatch(
    /^\{"url":"media:[\w-]+","mediaType":"image\/png","bytes":\d+,"expiresAt":"[\d-]+T[\d:.]+Z"\}$/,
  );
});

test('the graphql-ws client in the README prints an answer', async () => {
  const { webSocketUrl } = await startServer();
  const [code = ''] = blocks('js');
  const file = join(makeFolder(), 'chat.mjs');
  const library = import.meta.resolve('graphql-ws');
  writeFileSync(
    file,
    code.replace("'graphql-ws'", `'${library}'`).replace('ws://127.0.0.1:4000/graphql', webSocketUrl),
  );
  const { stdout } = await run(process.execPath, [file]);
  expect(stdout).toBe('What would it mean to you if you got a holiday ?');
});
