import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { buildSchema, parse, print, validate } from 'graphql';
import { describe, expect, test } from 'vitest';
import type { ChatPart } from '../src/providers/chat.ts';
import { startCuttingProxy } from './helpers/cutting-proxy.ts';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
import { runProgram } from './helpers/program.ts';
import { finish, scriptedProvider, text } from './helpers/scripted-provider.ts';
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

/** An answer with all that may come beside its text. */
async function* sayAll(): AsyncGenerator<ChatPart> {
  const call = { index: 0, callId: 'call-0', name: 'weather' };
  yield { type: 'reasoning-delta', text: 'Hm.' };
  yield text('One, ');
  yield { type: 'source', url: 'https://example.com', title: null };
  yield { type: 'tool-call-delta', ...call, text: '{}' };
  yield { type: 'tool-call', ...call, argumentsText: '{}' };
  yield { type: 'image', image: { url: 'data:image/svg+xml,<svg/>', alt: 'a dot' } };
  yield text('two.');
  yield finish({ reason: 'TOOL_CALLS', continuation: { dialect: 'scripted', data: 1 } });
}

test.for([...PROGRAMS, 'sse-resume.ts'])('%s passes over events that it does not know', async (program) => {
  const painter = { name: 'painter', kind: 'IMAGE' } as const;
  const provider = scriptedProvider(sayAll, {
    models: [{ name: 'model', kind: 'CHAT' }, painter],
    defaultImageModel: 'painter',
    generateImages: async () => [{ url: 'data:image/svg+xml,<svg/>', alt: '' }],
  });
  const config = { defaults: { chat: 'scripted/model', image: 'scripted/painter' } };
  const { url } = await startServer({ config, providers: [provider] });
  const { stdout, stderr } = await run(process.execPath, [`examples/${program}`, url, 'scripted/model']);
  expect(stdout).toContain('One, two.');
  expect(stderr).toBe('');
});

const comeBack = (url: string) => runProgram('examples/sse-resume.ts', url, 'aichats/gpt-4');

test('the example that comes back over SSE gets the whole answer once, by one call of the upstream', async () => {
  const upstream = await startFakeUpstream((exchange) => exchange.begin());
  const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } } } });
  const { port, cut } = await startCuttingProxy(Number(new URL(server.url).port));
  const url = `http://127.0.0.1:${port}/graphql`;
  const program = comeBack(url);
  const exchange = await upstream.exchange();
  await exchange.send('data: One, \n', 'data: two, \n');
  await expect.poll(program.stdout, { timeout: 10_000 }).toBe('One, two,');
  cut();
  await exchange.send('data: three.\n');
  exchange.end();
  expect(await program.exit).toBe(0);
  expect(program.stdout()).toBe('One, two, three.');
  expect(upstream.exchanges).toHaveLength(1);
});

describe('the example that comes back over SSE gives up', () => {
  test('where the chat was forgotten: it keeps the text, and no second answer is begun', async () => {
    const upstream = await startFakeUpstream((exchange) => exchange.begin());
    const server = await startServer({
      config: { providers: { aichats: { baseUrl: upstream.url } }, limits: { resumeGraceMs: 1 } },
    });
    const { port, cut } = await startCuttingProxy(Number(new URL(server.url).port));
    const program = comeBack(`http://127.0.0.1:${port}/graphql`);
    const exchange = await upstream.exchange();
    await exchange.send('data: One, \n', 'data: two, \n');
    await expect.poll(program.stdout, { timeout: 10_000 }).toBe('One, two,');
    cut();
    expect(await program.exit).toBe(1);
    expect(program.stdout()).toBe('One, two,');
    expect(program.stderr()).toMatch(/There is no chat[\s\S]*The rest of the answer is lost/);
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('after five tries', async () => {
    const server = await startFakeUpstream(({ reply }) => reply({ status: 503 }));
    expect(await comeBack(`${server.url}/graphql`).exit).toBe(1);
    expect(server.exchanges).toHaveLength(5);
  });
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
