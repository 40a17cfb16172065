import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { overPost, overSse, overWebSocket, type Result, withDeltasJoined } from './helpers/clients.ts';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
import { CANCEL, NO_ERROR, startHttp2Peer } from './helpers/http2-peer.ts';
import { answerWith, DONE, event } from './helpers/openai-server.ts';
import { PNG } from './helpers/pictures.ts';
import { startProxy } from './helpers/proxy.ts';
import { startServer, type TestServerOptions } from './helpers/server.ts';
import { AUTHORITY, SELF_SIGNED, tls } from './helpers/tls.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatDelta { text offset }
    ... on ChatFinished { finishReason length }
    ... on ChatFailed { code message retryable }
  }
}`;
const askOf = (provider: string) => ({ input: { provider, messages: [{ role: 'USER', content: 'hi' }] } });
const variables = askOf('acme');

const EVENTS = [event({ content: 'Hello' }), event({}, 'stop'), DONE];
const HELLO = [
  { __typename: 'ChatStarted' },
  { __typename: 'ChatDelta', text: 'Hello', offset: 0 },
  { __typename: 'ChatFinished', finishReason: 'STOP', length: 5 },
];

/** What a client sees of a chat with the one provider that is configured so. */
async function ask(
  run: typeof overSse,
  entry: object,
  options: Omit<TestServerOptions, 'config'> = {},
): Promise<readonly unknown[]> {
  const acme = { type: 'openai-compatible', models: ['m'], ...entry };
  const server = await startServer({ config: { providers: { acme } }, ...options });
  return toEvents(await run(server, { query: CHAT, variables }));
}

function toEvents(results: readonly Result[]): readonly unknown[] {
  return withDeltasJoined(results).map(({ data }) => data?.chat);
}

describe.for([
  ['SSE', overSse],
  ['WebSocket', overWebSocket],
] as const)('over %s', ([, run]) => {
  test('an answer that comes compressed, which was not asked for, is told like any other', async () => {
    const headers = { 'content-type': 'text/event-stream', 'content-encoding': 'gzip' };
    const upstream = await startFakeUpstream(({ reply }) => reply({ headers, body: gzipSync(EVENTS.join('')) }));
    expect(await ask(run, { baseUrl: upstream.url })).toEqual(HELLO);
    expect((await upstream.exchange()).headers['accept-encoding']).toBe('identity');
  });

  test('a query in the base URL stands behind every path, and its values are in no message', async () => {
    const list = JSON.stringify({ data: [{ id: 'm' }] });
    const upstream = await startFakeUpstream([
      ({ reply }) => reply({ body: list }),
      answerWith(...EVENTS),
      ({ url, reply }) => reply({ status: 400, body: JSON.stringify({ error: { message: `cannot take ${url}` } }) }),
    ]);
    const acme = { type: 'openai-compatible', baseUrl: `${upstream.url}/v1/?api-version=1&key=secret-0123` };
    const server = await startServer({ config: { providers: { acme } } });
    await server.app.modelsListed(new AbortController().signal);
    expect(toEvents(await run(server, { query: CHAT, variables }))).toEqual(HELLO);
    expect(toEvents(await run(server, { query: CHAT, variables }))).toEqual([
      {
        __typename: 'ChatFailed',
        code: 'REJECTED',
        message: expect.stringContaining('cannot take /v1/chat/completions?api-version=1&key=***'),
        retryable: false,
      },
    ]);
    const query = '?api-version=1&key=secret-0123';
    expect(upstream.exchanges.map(({ url }) => url)).toEqual([
      `/v1/models${query}`,
      `/v1/chat/completions${query}`,
      `/v1/chat/completions${query}`,
    ]);
    expect(JSON.stringify(server.log)).not.toContain('secret-0123');
  });

  test('an upstream on this machine is reached directly, whatever the proxies of the environment', async () => {
    const upstream = await startFakeUpstream(answerWith(...EVENTS));
    const proxy = await startProxy();
    const environmentProxies = { httpProxy: proxy.url, httpsProxy: proxy.url };
    expect(await ask(run, { baseUrl: upstream.url }, { environmentProxies })).toEqual(HELLO);
    expect(proxy.requests).toEqual([]);
  });

  test('a proxy that refuses is told as the proxy', async () => {
    const { url: httpsProxy } = await startProxy({
      onConnect: (client) => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
    });
    const [event] = await ask(run, { baseUrl: 'https://upstream.example' }, { environmentProxies: { httpsProxy } });
    expect(event).toMatchObject({ code: 'UNREACHABLE', message: expect.stringMatching(/^The proxy of acme .*502/) });
  });

  test('a server with a certificate of its own is reached with `ca`, and not without', async () => {
    const upstream = await startFakeUpstream(answerWith(...EVENTS), { tls: tls.issued });
    expect(await ask(run, { baseUrl: upstream.url, ca: AUTHORITY })).toEqual(HELLO);
    expect(await ask(run, { baseUrl: upstream.url })).toEqual([
      {
        __typename: 'ChatFailed',
        code: 'UNREACHABLE',
        message: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
        retryable: false,
      },
    ]);
  });

  test('half an answer over HTTP/2, whose stream is reset, is no whole one', async () => {
    for (const code of [NO_ERROR, CANCEL]) {
      const peer = await startHttp2Peer([
        async (stream) => {
          await stream.headers({ 'content-type': 'text/event-stream' });
          await stream.data('data: Half an\n');
          await stream.reset(code);
        },
      ]);
      const aichats = { baseUrl: peer.url, ca: SELF_SIGNED };
      const server = await startServer({ config: { providers: { aichats } } });
      const events = toEvents(await run(server, { query: CHAT, variables: askOf('aichats') }));
      expect(events.at(-1)).toMatchObject({ __typename: 'ChatFailed', code: 'UNREACHABLE', retryable: true });
    }
  });

  test.for([
    ['acme', { type: 'openai-compatible', models: ['m'] }, answerWith(...EVENTS)],
    ['aichats', {}, answerWith('data: Hello\n\n')],
  ] as const)('a connection of %s that was closed while it stood costs no chat', async ([id, entry, answer]) => {
    const upstream = await startFakeUpstream([answer, ({ breakOff }) => breakOff(), answer]);
    const server = await startServer({ config: { providers: { [id]: { ...entry, baseUrl: upstream.url } } } });
    const request = { query: CHAT, variables: askOf(id) };
    expect(toEvents(await run(server, request))).toEqual(HELLO);
    expect(toEvents(await run(server, request))).toEqual(HELLO);
    expect(upstream.exchanges).toHaveLength(3);
  });
});

test('a picture over HTTP/2 whose stream is reset before its end has failed', async () => {
  const peer = await startHttp2Peer([
    async (stream) => {
      await stream.headers({ 'content-type': 'application/json' });
      await stream.data('{"data":[{"url":"https://images.example/1.png"}]}');
      await stream.reset(CANCEL);
    },
  ]);
  const server = await startServer({ config: { providers: { aichats: { baseUrl: peer.url, ca: SELF_SIGNED } } } });
  const query = `mutation { generateImage(input: { prompt: "a cat", model: "aichats/dalle" }) {
    __typename ... on ImageFailed { code }
  } }`;
  expect(await overPost(server, { query })).toEqual([
    { data: { generateImage: { __typename: 'ImageFailed', code: 'UNREACHABLE' } } },
  ]);
});

test('a picture on the server of a provider is read with its `ca`', async () => {
  const upstream = await startFakeUpstream(
    ({ method, response, reply }) => {
      if (method === 'GET') return reply({ headers: { 'content-type': 'image/png' }, body: PNG });
      const url = `https://${response.req.headers.host}/1.png`;
      return reply({ body: JSON.stringify({ data: [{ url }] }) });
    },
    { tls: tls.issued },
  );
  const acme = {
    type: 'openai-compatible',
    models: [{ name: 'm', kind: 'IMAGE' }],
    baseUrl: upstream.url,
    ca: AUTHORITY,
  };
  const server = await startServer({ config: { providers: { acme } } });
  const query = `mutation { generateImage(input: { prompt: "a cat", provider: "acme" }) {
    ... on GeneratedImages { images { width height } }
  } }`;
  expect(await overPost(server, { query })).toEqual([
    { data: { generateImage: { images: [{ width: 3, height: 2 }] } } },
  ]);
});
