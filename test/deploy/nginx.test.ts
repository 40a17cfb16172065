import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { request as askPlainly } from 'node:http';
import { connect } from 'node:http2';
import { request as askSecurely } from 'node:https';
import { createClient } from 'graphql-ws';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { Config } from '../../src/config/schema.ts';
import { overPost, type Result, readEvents, readSse } from '../helpers/clients.ts';
import { NGINX, NO_NGINX, startClusterNginx, startNginx } from '../helpers/nginx.ts';
import { openSilently } from '../helpers/raw-socket.ts';
import { finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

beforeEach(({ skip }) => {
  if (!NGINX) skip(NO_NGINX);
});

const QUERY = { query: '{ __typename }' };
const ANSWER = [{ data: { __typename: 'Query' } }];
const CHAT = {
  query: `subscription { chat(input: { messages: [{ role: USER, content: "hello" }], model: "scripted/model" }) {
    __typename ... on ChatDelta { text }
  } }`,
};
const WORDS = ['one ', 'two ', 'three ', 'four '];
const NAME = 'models.example.com';
const SSE_HEADERS = { 'content-type': 'application/json', accept: 'text/event-stream' };

/** A model that says each word when it is told to, behind a server behind nginx. */
async function start(limits: object = {}) {
  const calls: (() => void)[] = [];
  const provider = scriptedProvider(async function* () {
    const said = WORDS.map(() => Promise.withResolvers<void>());
    let next = 0;
    calls.push(() => said[next++]?.resolve());
    for (const [at, word] of WORDS.entries()) {
      await said[at]?.promise;
      yield text(word);
    }
    yield finish();
  });
  const config = { server: { hosts: [NAME], trustProxy: 1 }, limits };
  const server = await startServer({ config, providers: [provider] });
  const nginx = await startNginx(server);
  /** Begins a chat, and returns how to have it say its next word, which is to arrive before the one after it. */
  async function begin(run: (server: TestServer) => AsyncIterator<Result>) {
    const results = run({ ...server, ...nginx });
    const started = results.next();
    const at = calls.length;
    await expect.poll(() => calls.length).toBe(at + 1);
    calls[at]?.();
    expect(chatOf(await started)).toEqual({ __typename: 'ChatStarted' });
    expect(chatOf(await results.next())).toEqual(delta(0));
    return {
      async hear(word: number) {
        calls[at]?.();
        expect(chatOf(await results.next())).toEqual(delta(word));
      },
      async end() {
        expect(chatOf(await results.next())).toEqual({ __typename: 'ChatFinished' });
        expect(await results.next()).toMatchObject({ done: true });
      },
    };
  }
  return { server, nginx: { ...server, ...nginx }, begin };
}

const chatOf = ({ value }: IteratorResult<Result>) => (value as Result | undefined)?.data?.chat;
const delta = (at: number) => ({ __typename: 'ChatDelta', text: WORDS[at] });

const overSse = (server: TestServer) => readSse(server, CHAT);

async function* overHttp2({ url }: TestServer): AsyncGenerator<Result> {
  const session = connect(url);
  onTestFinished(() => session.destroy());
  const stream = session.request({ ':method': 'POST', ':path': '/graphql', ...SSE_HEADERS });
  stream.setEncoding('utf8').end(JSON.stringify(CHAT));
  yield* readEvents(stream);
}

function overWebSocket({ webSocketUrl }: TestServer): AsyncGenerator<Result> {
  const client = createClient({ url: webSocketUrl, retryAttempts: 0 });
  onTestFinished(() => client.terminate());
  return client.iterate(CHAT) as AsyncGenerator<Result>;
}

describe('a chat through nginx', () => {
  test.for([
    ['SSE', overSse],
    ['SSE within HTTP/2', overHttp2],
    ['WebSocket', overWebSocket],
  ] as const)('comes word by word over %s', async ([, run]) => {
    const { begin } = await start();
    const chat = await begin(run);
    for (const word of [1, 2, 3]) await chat.hear(word);
    await chat.end();
  });

  test('goes on to its end while nginx is reloaded, over SSE and over WebSocket', async () => {
    const { nginx, begin } = await start();
    const chats = [await begin(overSse), await begin(overHttp2), await begin(overWebSocket)];
    for (const word of [1, 2]) {
      await nginx.reload();
      for (const chat of chats) await chat.hear(word);
      expect(await overPost(nginx, QUERY)).toEqual(ANSWER);
    }
    for (const chat of chats) {
      await chat.hear(3);
      await chat.end();
    }
  });
});

/** The status of a query from an address of this machine. */
async function askAs(address: string, url: string, headers: Record<string, string> = {}) {
  const askFrom = url.startsWith('https:') ? askSecurely : askPlainly;
  const request = askFrom(url, { method: 'POST', localAddress: address, headers: { ...SSE_HEADERS, ...headers } });
  request.end(JSON.stringify(QUERY));
  const [response] = await once(request, 'response');
  return response.resume().statusCode;
}

test('limits count the clients in front of nginx, who cannot forge an address', async () => {
  const { nginx } = await start({ requestsPerMinute: 1 });
  expect(await askAs('127.0.0.2', nginx.url)).toBe(200);
  expect(await askAs('127.0.0.3', nginx.url)).toBe(200);
  expect(await askAs('127.0.0.2', nginx.url, { 'x-forwarded-for': '192.0.2.1' })).toBe(429);
});

test('pages may open WebSockets to the host that they are from, and no other', async () => {
  const { nginx } = await start();
  const { port } = new URL(nginx.url);
  const opened = async (origin: string) => {
    const { socket } = await openSilently(nginx, { origin, headers: { host: `${NAME}:${port}` } });
    return socket.readyState === socket.OPEN;
  };
  expect(await opened(`https://${NAME}:${port}`)).toBe(true);
  expect(await opened(`https://${NAME}`)).toBe(false);
  expect(await opened('https://evil.example')).toBe(false);
});

test('several nodes are shared out among clients, and one that is gone is passed over', async () => {
  const nodes = await Promise.all([1, 2, 3].map(() => startServer({ config: { server: { trustProxy: 1 } } })));
  const url = await startClusterNginx(nodes);
  const asked = nodes.map(({ app }) => {
    const node = { connections: 0 };
    app.server.on('connection', () => node.connections++);
    return node;
  });
  const addresses = Array.from({ length: 20 }, (_, at) => `127.0.1.${at + 1}`);
  const ask = () => Promise.all(addresses.map((address) => askAs(address, url)));
  const all = addresses.map(() => 200);
  expect(await ask()).toEqual(all);
  expect(asked.filter(({ connections }) => connections > 0).length).toBeGreaterThan(1);
  nodes[0]?.app.server.close();
  nodes[0]?.app.server.closeAllConnections();
  expect(await ask()).toEqual(all);
});

test('files of the largest size that modelql takes come through', async () => {
  const { nginx } = await start();
  const most = Config.parse({}).limits.maxMediaBytes;
  const send = async (bytes: number) => {
    const headers = { 'content-type': 'application/x-anything' };
    const { status } = await fetch(new URL('media', nginx.url), { method: 'POST', headers, body: Buffer.alloc(bytes) });
    return status;
  };
  expect([await send(most), await send(most + 1)]).toEqual([201, 413]);
});

test('connections to modelql are kept for the next request', async () => {
  const { server, nginx } = await start();
  let connections = 0;
  server.app.server.on('connection', () => connections++);
  for (let asked = 0; asked < 5; asked++) expect(await overPost(nginx, QUERY)).toEqual(ANSWER);
  expect(connections).toBe(1);
});

test('metrics are for the inside, and http leads to https', async () => {
  const { nginx } = await start();
  expect((await fetch(new URL('metrics', nginx.url))).status).toBe(404);
  const { status, headers } = await fetch(`${nginx.plainUrl}?a=b`, { redirect: 'manual' });
  expect([status, headers.get('location')]).toEqual([301, 'https://127.0.0.1/graphql?a=b']);
});

test('its bounds leave room for those of modelql', async () => {
  const site = readFileSync(new URL('../../deploy/nginx/modelql.conf', import.meta.url), 'utf8');
  const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };
  const ms = (directive: string) => {
    const [, count, unit = ''] = new RegExp(`^\\s*${directive} (\\d+)([smh]);`, 'm').exec(site) ?? [];
    return Number(count) * (units[unit] ?? Number.NaN);
  };
  const { limits } = Config.parse({});
  const { server } = await startServer().then(({ app }) => app);
  expect(ms('proxy_read_timeout')).toBeGreaterThan(Math.max(limits.keepAliveMs, limits.firstPartTimeoutMs));
  expect(ms('send_timeout')).toBeGreaterThan(limits.slowReaderTimeoutMs);
  expect(ms('keepalive_timeout')).toBeLessThan(server.keepAliveTimeout);
});
