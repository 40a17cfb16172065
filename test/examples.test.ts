import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { buildSchema, parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import { startCuttingProxy } from './helpers/cutting-proxy.ts';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
import { startServer } from './helpers/server.ts';

const run = promisify(execFile);
const read = (file: string) => readFileSync(`examples/${file}`, 'utf8');

const PROGRAMS = ['graphql-ws.ts', 'urql.ts', 'apollo.ts', 'relay.ts', 'gql-tada.ts', 'sse.ts'];

describe('an example', () => {
  test.for(PROGRAMS)('%s lists the models, streams a chat, stops another and makes a picture', async (program) => {
    const server = await startServer({ config: { providers: { local: { wordDelayMs: 100 } } } });
    const { stdout, stderr } = await run(process.execPath, [`examples/${program}`, server.url]);
    expect(stdout.split('\n')).toEqual([
      expect.stringMatching(/^local\/eliza local\/pattern /),
      'What would it mean to you if you got a holiday ?',
      'What ',
      'data:image/svg',
      '',
    ]);
    expect(stderr).toBe('');
    // One chat ran to its end; the other was left at once, and the server saw it.
    const chats = () =>
      server.log.filter(({ msg, operation }) => msg === 'operation' && `${operation}`.startsWith('subscription '));
    await expect.poll(() => chats().map(({ code }) => code)).toEqual(['STOP', 'LEFT']);
    expect(server.errors()).toEqual([]);
  });
});

test('the example that comes back over SSE gets the whole answer once, by one call of the upstream', async () => {
  const upstream = await startFakeUpstream((exchange) => exchange.begin());
  const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } } } });
  const { port, cut } = await startCuttingProxy(Number(new URL(server.url).port));
  const url = `http://127.0.0.1:${port}/graphql`;
  const program = run(process.execPath, ['examples/sse-resume.ts', url, 'aichats/gpt-4']);
  let stdout = '';
  program.child.stdout?.on('data', (text) => {
    stdout += text;
  });
  const exchange = await upstream.exchange();
  await exchange.send('data: One, \n', 'data: two, \n');
  await expect.poll(() => stdout).toBe('One, two,');
  cut();
  await exchange.send('data: three.\n');
  exchange.end();
  await program;
  expect(stdout).toBe('One, two, three.');
  expect(upstream.exchanges).toHaveLength(1);
});

describe('what is generated from schema.graphql', () => {
  test('is there for gql.tada as it is', async () => {
    const { stdout } = await run(process.execPath, ['scripts/print-tada.ts']);
    expect(read('generated/tada.d.ts')).toBe(stdout);
  });

  test('is there for Relay, of the operations as they are, and they suit the schema', () => {
    const hashes = [...read('relay-operations.ts').matchAll(/graphql`([\s\S]*?)`/g)].map(([, text = '']) =>
      createHash('md5')
        .update(print(parse(text)))
        .digest('hex'),
    );
    const artifacts = readdirSync('examples/generated/relay').map((file) => read(`generated/relay/${file}`));
    expect(artifacts.map((text) => /hash = "(\w+)"/.exec(text)?.[1]).sort()).toEqual(hashes.sort());
    const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
    for (const artifact of artifacts) {
      const [, text = ''] = /"text": ("(?:query|mutation|subscription).*")/.exec(artifact) ?? [];
      expect(validate(schema, parse(JSON.parse(text)))).toEqual([]);
    }
  });
});
