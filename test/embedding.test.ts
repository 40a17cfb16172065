import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { createModelql, type ModelqlOptions } from '../src/index.ts';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
import { flood } from './helpers/flood.ts';
import { configFile } from './helpers/server-process.ts';

/** The lines of the log, and a server without a port, until the test has finished. */
async function embed(options: ModelqlOptions = {}) {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ base: null }, { write: (line: string) => lines.push(JSON.parse(line)) });
  const modelql = await createModelql({ log, ...options });
  onTestFinished(() => modelql.close());
  const operations = () => lines.filter(({ msg }) => msg === 'operation').map(({ code }) => code);
  return { ...modelql, lines, operations };
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const CHAT =
  'subscription ($input: ChatInput!) { chat(input: $input) { __typename ... on ChatDelta { text } ... on ChatFailed { code } } }';

function ask(provider: string, signal: AbortSignal | null = null): Request {
  const input = { provider, messages: [{ role: 'USER', content: 'I need a holiday' }] };
  return new Request('http://host.example/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: CHAT, variables: { input } }),
    signal,
  });
}

test('answers requests without a socket, whatever the name of the host, and logs them where it is told to', async () => {
  const { fetch, operations } = await embed();
  const response = await fetch(ask('local'));
  expect(response).toBeInstanceOf(Response);
  const text = await response.text();
  expect(text).toMatch(/^:\n\nevent: next\ndata: .*"ChatStarted"/);
  expect(text).toMatch(/"ChatFinished".*\n\nevent: complete\ndata:\n\n$/);
  expect((await fetch(new Request('http://host.example/health'))).status).toBe(200);
  expect((await fetch(new Request('http://host.example/other'))).status).toBe(404);
  expect(operations()).toEqual(['STOP']);
});

test.for([
  ['cancels the body', (_abort: AbortController, body: ReadableStreamDefaultReader) => body.cancel()],
  ['aborts the request', (abort: AbortController) => abort.abort()],
] as const)('a caller that %s lets go of an upstream that is silent', async ([, leave]) => {
  const upstream = await startFakeUpstream(async ({ begin, send }) => {
    await begin();
    await send('data: Hello\n');
  });
  const { fetch, operations } = await embed({ config: { providers: { aichats: { baseUrl: upstream.url } } } });
  const abort = new AbortController();
  const body = (await fetch(ask('aichats', abort.signal))).body?.getReader();
  if (!body) throw new Error('expected a body');
  const decoder = new TextDecoder();
  for (let text = ''; !text.includes('Hello'); ) text += decoder.decode((await body.read()).value);
  await leave(abort, body);
  await upstream.allClosed();
  await expect.poll(operations).toEqual(['LEFT']);
});

test('a caller that does not read slows its upstream down, and is let go', async () => {
  const upstream = flood();
  const { url: baseUrl, exchange } = await startFakeUpstream(upstream.play);
  const { fetch, operations } = await embed({
    config: {
      providers: { aichats: { baseUrl } },
      limits: { slowReaderTimeoutMs: 200, maxAnswerBytes: 1_000_000_000 },
    },
  });
  const { body } = await fetch(ask('aichats'));
  await (await exchange()).closed;
  expect(upstream.sent).toBeLessThan(40_000_000);
  await expect.poll(operations).toEqual(['LEFT']);
  await expect(body?.pipeTo(new WritableStream())).rejects.toThrow('let go');
});

test('a caller that leaves while events wait for it ends its operation', async () => {
  const upstream = await startFakeUpstream(flood().play);
  const { fetch, operations } = await embed({ config: { providers: { aichats: { baseUrl: upstream.url } } } });
  const { body } = await fetch(ask('aichats'));
  await upstream.exchange();
  await body?.cancel();
  await upstream.allClosed();
  await expect.poll(operations).toEqual(['LEFT']);
});

test('a stream in which nothing is said has comments, so that nobody on the way takes it for dead', async () => {
  const upstream = await startFakeUpstream(({ begin }) => begin());
  const config = { providers: { aichats: { baseUrl: upstream.url } }, limits: { keepAliveMs: 20 } };
  const { fetch } = await embed({ config });
  const body = (await fetch(ask('aichats'))).body?.getReader();
  for (let comment = 0; comment < 4; comment++)
    expect(new TextDecoder().decode((await body?.read())?.value)).toBe(':\n\n');
  await body?.cancel();
});

test('serves under its path in an app that takes the path off, before or behind a parser of bodies', async () => {
  const { listener } = await embed({ config: { server: { path: '/ai' } } });
  const app = express();
  app.use('/ai', listener);
  const behind = express();
  behind.use(express.json(), listener);
  for (const handler of [app, behind]) {
    const origin = `http://${await listen(createServer(handler))}`;
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${origin}/ai/graphql`, { method: 'POST', headers, body: '{"query":"{ __typename }"}' });
    expect(await answer.json()).toEqual({ data: { __typename: 'Query' } });
    const page = await fetch(`${origin}/ai/`);
    expect(page.headers.get('content-type')).toContain('text/html');
    const events = await fetch(`${origin}/ai/graphql`, {
      method: 'POST',
      headers: ask('local').headers,
      body: await ask('local').text(),
    });
    expect(await events.text()).toContain('event: complete');
  }
});

test('takes the WebSockets of its own path, and leaves all others alone', async () => {
  const { listener, upgrade, operations } = await embed({ config: { server: { path: '/ai' } } });
  const others = new WebSocketServer({ noServer: true });
  const server = createServer(listener);
  server.on('upgrade', (request, socket, head) => {
    if (!upgrade(request, socket, head)) others.handleUpgrade(request, socket, head, (one) => one.send('other'));
  });
  const host = await listen(server);
  const other = new WebSocket(`ws://${host}/ai`);
  onTestFinished(() => other.terminate());
  expect(await new Promise((resolve) => other.once('message', (data) => resolve(String(data))))).toBe('other');
  const client = createClient({ url: `ws://${host}/ai/graphql`, webSocketImpl: WebSocket, retryAttempts: 0 });
  const { value } = await client.iterate({ query: '{ __typename }' }).next();
  expect(value).toEqual({ data: { __typename: 'Query' } });
  expect(operations()).toEqual(['OK']);
  await client.dispose();
});

test('once closed it begins nothing more; streams have the grace, and then end in a failure', async () => {
  const upstream = await startFakeUpstream(({ begin }) => begin());
  const config = { providers: { aichats: { baseUrl: upstream.url } }, limits: { shutdownGraceMs: 0 } };
  const { fetch, close } = await embed({ config });
  const stream = await fetch(ask('aichats'));
  await upstream.exchange();
  await Promise.all([close(), close()]);
  expect(await stream.text()).toContain('"code":"SHUTTING_DOWN"');
  expect((await fetch(ask('local'))).status).toBe(503);
  await upstream.allClosed();
});

test('where the port of its metrics is taken, it lets go of all that it has opened', async () => {
  const taken = createServer();
  const port = Number((await listen(taken)).split(':')[1]);
  const upstream = await startFakeUpstream(() => {});
  const config = {
    telemetry: { metrics: { host: '127.0.0.1', port } },
    providers: { own: { type: 'openai-compatible', baseUrl: upstream.url } },
  } as const;
  await expect(createModelql({ config })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
  await upstream.allClosed();
});

test('a configuration comes as an object or as a file, with names of the environment in it', async () => {
  const config = { auth: { keys: ['${SECRET}'] } };
  const environment = { SECRET: 'key-0123456789' };
  const ofFile = { configFile: configFile(config), environment };
  for (const options of [{ config, environment }, ofFile]) {
    const { fetch } = await embed(options);
    expect((await fetch(ask('local'))).status).toBe(401);
    const known = new Request(ask('local'), {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${environment.SECRET}` },
    });
    const response = await fetch(known);
    expect(response.status).toBe(200);
    await response.body?.cancel();
  }
  await expect(createModelql({ config, environment: {} })).rejects.toThrow(
    "auth.keys.0: the environment has no 'SECRET'",
  );
  await expect(createModelql({ ...ofFile, config })).rejects.toThrow('configFile: expected it without config');
  // @ts-expect-error: of another type, and not known.
  const wrong = createModelql({ config: { server: { path: 1 }, colour: 'red' } });
  await expect(wrong).rejects.toThrow(/server\.path: .*\ncolour: not a known setting/s);
});

test.for(['embed-express.ts', 'embed-hono.ts'])('docs/embedding.md shows %s as it is', (example) => {
  const code = readFileSync(`examples/${example}`, 'utf8');
  expect(readFileSync('docs/embedding.md', 'utf8')).toContain(`\`\`\`ts\n${code}\`\`\``);
});
