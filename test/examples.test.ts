import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { buildSchema, parse, print, validate } from 'graphql';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { ChatPart, ChatRequest } from '../src/providers/chat.ts';
import { startCuttingProxy } from './helpers/cutting-proxy.ts';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
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

describe('an example with a tool', () => {
  const programs = ['tools-graphql-ws.ts', 'tools-urql.ts', 'tools-apollo.ts'];
  const SIGNED = { dialect: 'scripted', data: 'signed thinking' };
  const call = (index: number, name: string) => ({ index, callId: `call-${index}`, name });
  const pieces = (index: number, ...texts: readonly string[]): ChatPart[] =>
    texts.map((piece) => ({ type: 'tool-call-delta', ...call(index, 'weather'), text: piece }));

  /** A model that calls several tools at once, and says how many results it got. */
  async function start() {
    const requests: ChatRequest[] = [];
    const provider = scriptedProvider(async function* (request) {
      requests.push(request);
      const results = request.messages.filter(({ role }) => role === 'TOOL');
      if (results.length > 0) {
        yield text(`${results.length} results.`);
        return yield finish();
      }
      yield text('Let me see. ');
      const [oslo, bergen] = [pieces(0, '{"city":', '"Oslo"}'), pieces(1, '{"town":', '"Bergen"}')];
      for (const [at, piece] of oslo.entries()) yield* [piece, ...bergen.slice(at, at + 1)];
      yield { type: 'tool-call', ...call(0, 'weather'), argumentsText: '{"city":"Oslo"}' };
      yield { type: 'tool-call', ...call(1, 'weather'), argumentsText: '{"town":"Bergen"}' };
      yield finish({ reason: 'TOOL_CALLS', continuation: SIGNED });
    });
    return { server: await startServer({ providers: [provider] }), requests };
  }

  test.for(programs)(
    '%s shows calls as they are written, runs them, sends the results and gets an answer',
    async (program) => {
      const { server, requests } = await start();
      const { stdout, stderr } = await run(process.execPath, [`examples/${program}`, server.url, 'scripted/model']);
      const lines = stdout.split('\n');
      expect(lines.findLast((line) => line.startsWith('… weather {"c'))).toBe('… weather {"city":"Oslo"}');
      expect(lines.findLast((line) => line.startsWith('… weather {"t'))).toBe('… weather {"town":"Bergen"}');
      expect(lines.slice(-4)).toEqual(['weather {"city":"Oslo"}', 'weather {"town":"Bergen"}', '2 results.', '']);
      expect(stderr).toBe('');
      expect(requests).toHaveLength(2);
      expect(requests[0]?.tools).toMatchObject([{ name: 'weather', parameters: { required: ['city'] } }]);
      expect(requests[1]?.messages).toMatchObject([
        { role: 'USER' },
        {
          role: 'ASSISTANT',
          parts: [{ text: 'Let me see. ' }],
          toolCalls: [
            { callId: 'call-0', name: 'weather', argumentsText: '{"city":"Oslo"}' },
            { callId: 'call-1', name: 'weather', argumentsText: '{"town":"Bergen"}' },
          ],
          continuation: SIGNED,
        },
        { role: 'TOOL', callId: 'call-0', isError: false, parts: [{ text: expect.stringContaining('"celsius":12') }] },
        { role: 'TOOL', callId: 'call-1', isError: true, parts: [{ text: expect.stringContaining('city') }] },
      ]);
      expect(server.errors()).toEqual([]);
    },
  );
});

/** Runs the example that comes back over SSE. */
function comeBack(url: string) {
  const child = spawn(process.execPath, ['examples/sse-resume.ts', url, 'aichats/gpt-4']);
  onTestFinished(() => void child.kill());
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
    });
  }
  return {
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    exit: new Promise((resolve) => child.once('close', resolve)),
  };
}

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
