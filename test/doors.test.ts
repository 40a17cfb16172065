import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import WebSocketClient from 'ws';
import { overPost, overWebSocket } from './helpers/clients.ts';
import { openSilently, openSocket } from './helpers/raw-socket.ts';
import { startServer, type TestServer } from './helpers/server.ts';

const QUERY = { query: '{ model(id: "local/eliza") { name } }' };
const ANSWER = [{ data: { model: { name: 'eliza' } } }];

describe('with keys', () => {
  const config = { auth: { keys: ['first-key', 'second-key'] } };

  test.for(['Bearer first-key', 'bearer second-key'])('%s is let in', async (authorization) => {
    const server = await startServer({ config });
    expect(await overPost(server, QUERY, { authorization })).toEqual(ANSWER);
    expect(await overWebSocket(server, QUERY, { Authorization: authorization })).toEqual(ANSWER);
  });

  test.for([undefined, 'Bearer third-key', 'first-key', 'Basic first-key', 'Bearer '])(
    '%s is not',
    async (authorization) => {
      const server = await startServer({ config });
      const headers = { 'content-type': 'application/json', ...(authorization === undefined ? {} : { authorization }) };
      const response = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(QUERY) });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toBe('Bearer');
      expect(await response.json()).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
      await expect(overWebSocket(server, QUERY, headers)).rejects.toMatchObject({ code: 4403 });
      expect(JSON.stringify(server.log)).not.toContain('-key');
    },
  );

  describe('the key of a WebSocket', () => {
    const RIGHT = 'Bearer first-key';
    const WRONG = 'Bearer third-key';
    const connect = async (params: unknown, headers: Record<string, string>) => {
      const server = await startServer({ config });
      const { socket, send, closed } = await openSilently(server, { headers });
      const acknowledged = new Promise((resolve) => socket.once('message', () => resolve('acknowledged')));
      send({ type: 'connection_init', ...(params === undefined ? {} : { payload: params }) });
      return Promise.race([acknowledged, closed.then(({ code }) => code)]);
    };

    test.for([
      ['in the parameters of the connection', { authorization: RIGHT }, {}],
      ['in headers among them', { headers: { authorization: RIGHT } }, {}],
      ['in headers among them, in another case', { Headers: { AUTHORIZATION: RIGHT } }, {}],
      ['in the header of the upgrade', undefined, { Authorization: RIGHT }],
      ['in the header of the upgrade, beside other parameters', { client: 'x', headers: {} }, { authorization: RIGHT }],
      [
        'in the header of the upgrade, where the parameters have none',
        { authorization: null },
        { authorization: RIGHT },
      ],
      [
        'in the parameters, before all other places',
        { authorization: RIGHT, headers: { authorization: WRONG } },
        { authorization: 'Basic eDp5' },
      ],
      [
        'in headers among them, before the header of the upgrade',
        { headers: { authorization: RIGHT } },
        { authorization: WRONG },
      ],
    ] as const)('may be %s', async ([, params, headers]) => {
      expect(await connect(params, headers)).toBe('acknowledged');
    });

    test.for([
      ['nowhere', { headers: { 'x-other': RIGHT } }, {}],
      [
        'wrong in the parameters, whatever stands elsewhere',
        { authorization: WRONG, headers: { authorization: RIGHT } },
        { authorization: RIGHT },
      ],
      ['wrong in headers among them', { headers: { authorization: WRONG } }, { authorization: RIGHT }],
      ['wrong in the header of the upgrade', {}, { authorization: WRONG }],
      ['of another scheme', {}, { authorization: 'Basic eDp5' }],
      ['in no object', { headers: RIGHT }, {}],
      ['in a list', { headers: [['authorization', RIGHT]] }, {}],
    ] as const)('is refused with 4403 where it is %s', async ([, params, headers]) => {
      expect(await connect(params, headers)).toBe(4403);
    });
  });

  test('an operation before connection_init is refused', async () => {
    const { webSocketUrl } = await startServer({ config });
    const socket = new WebSocket(webSocketUrl, 'graphql-transport-ws');
    socket.addEventListener('open', () => socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: QUERY })));
    const { code } = await new Promise<CloseEvent>((resolve) => socket.addEventListener('close', resolve));
    expect(code).toBe(4401);
  });
});

describe('what a page of another origin could send with its visitor’s browser', () => {
  const mutation = 'mutation { completeChat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }';

  test.for([
    ['application/x-www-form-urlencoded', `query=${encodeURIComponent(mutation)}`],
    ['text/plain', JSON.stringify({ query: mutation })],
    [
      'multipart/form-data; boundary=x',
      `--x\r\ncontent-disposition: form-data; name="operations"\r\n\r\n{"query":"${mutation}"}\r\n--x--`,
    ],
    ['application/graphql', mutation],
  ])('%s is no operation', async ([type, body]) => {
    const { url, log } = await startServer();
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': type ?? '' }, body: body ?? '' });
    expect(response.status).toBe(415);
    expect(log.filter(({ msg }) => msg === 'operation')).toEqual([]);
  });

  test('a subscription over GET is refused', async () => {
    const { url, log } = await startServer();
    const query = 'subscription { chat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }';
    const headers = { accept: 'text/event-stream', origin: 'https://evil.example.com' };
    const response = await fetch(`${url}?query=${encodeURIComponent(query)}`, { headers });
    expect(response.status).toBe(405);
    expect(await response.text()).not.toContain('ChatStarted');
    await expect.poll(() => log.find(({ msg }) => msg === 'operation')).toMatchObject({ code: 'BAD_REQUEST' });
  });

  test('a mutation over GET is refused', async () => {
    const { url } = await startServer();
    expect((await fetch(`${url}?query=${encodeURIComponent(mutation)}`)).status).toBe(405);
  });

  test('no origin is allowed unless it is listed', async () => {
    const allowed = async ({ url }: TestServer, origin: string) =>
      (
        await fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })
      ).headers.get('access-control-allow-origin');
    expect(await allowed(await startServer(), 'https://app.example.com')).toBeNull();
    const server = await startServer({
      config: { server: { cors: { origins: ['https://app.example.com', 'https://b.example.com'] } } },
    });
    expect(await allowed(server, 'https://app.example.com')).toBe('https://app.example.com');
    for (const other of [
      'https://evil.example.com',
      'null',
      'http://app.example.com',
      'https://app.example.com.evil.example',
    ]) {
      expect(await allowed(server, other)).toBeNull();
    }
  });

  test('answers of every kind are for listed origins only', async () => {
    const { url } = await startServer({ config: { server: { cors: { origins: ['https://app.example.com'] } } } });
    const subscription = {
      query: 'subscription { chat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }',
    };
    for (const [accept, request] of [
      ['application/json', QUERY],
      ['text/event-stream', subscription],
      ['application/json', { query: '{' }],
    ] as const) {
      for (const origin of ['https://app.example.com', 'https://evil.example.com']) {
        const headers = { 'content-type': 'application/json', accept, origin };
        const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(request) });
        const allowed = origin === 'https://app.example.com' ? origin : null;
        expect(response.headers.get('access-control-allow-origin')).toBe(allowed);
        expect(response.headers.get('access-control-allow-credentials')).toBeNull();
        expect(response.headers.get('vary')).toBe('origin');
        await response.text();
      }
    }
  });

  /** True, or the status of the refusal. */
  const connects = ({ webSocketUrl }: TestServer, origin?: string) =>
    new Promise((resolve) => {
      const socket = new WebSocketClient(webSocketUrl, 'graphql-transport-ws', origin === undefined ? {} : { origin });
      socket
        .once('open', () => resolve(true))
        .once('unexpected-response', (_request, { statusCode }) => resolve(statusCode));
    });

  test('a WebSocket of a foreign origin is refused before the upgrade', async () => {
    const server = await startServer({ config: { server: { cors: { origins: ['https://app.example.com'] } } } });
    expect(await connects(server)).toBe(true);
    expect(await connects(server, new URL(server.url).origin)).toBe(true);
    expect(await connects(server, 'https://app.example.com')).toBe(true);
    expect(await connects(server, 'https://evil.example.com')).toBe(403);
    expect(await connects(server, 'null')).toBe(403);
    expect(await connects(server, new URL(server.url).origin.replace('http', 'tauri'))).toBe(403);
  });

  test.for(['app://obsidian.md', 'tauri://localhost', 'capacitor://localhost', 'chrome-extension://abcdefgh'])(
    'the pages of an app, %s, are let in where they are listed, and only they',
    async (origin) => {
      const asks = async (server: TestServer, given: string) => {
        const headers = { origin: given, 'content-type': 'application/json' };
        const response = await fetch(server.url, { method: 'POST', headers, body: JSON.stringify(QUERY) });
        return response.headers.get('access-control-allow-origin');
      };
      const listed = await startServer({ config: { server: { cors: { origins: [origin] } } } });
      expect(await asks(listed, origin)).toBe(origin);
      expect(await connects(listed, origin)).toBe(true);
      for (const other of [`${origin}.evil`, origin.toUpperCase(), 'https://obsidian.md', 'null']) {
        expect(await asks(listed, other)).toBeNull();
        expect(await connects(listed, other)).toBe(403);
      }
      const server = await startServer();
      expect(await asks(server, origin)).toBeNull();
      expect(await connects(server, origin)).toBe(403);
    },
  );
});

describe('limits', () => {
  test('a body that is too large is refused, over HTTP and WebSocket', async () => {
    const server = await startServer({ config: { limits: { maxBodyBytes: 1000 } } });
    const body = JSON.stringify({ query: `{ __typename } # ${'x'.repeat(1000)}` });
    const response = await fetch(server.url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(response.status).toBe(413);
    const refusal = {
      message: expect.stringContaining('1000 bytes'),
      extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', requestId: expect.any(String) },
    };
    expect(await response.json()).toEqual({ errors: [refusal] });
    expect(await overWebSocket(server, { query: body })).toEqual([{ errors: [refusal] }]);
    const client = createClient({ url: server.webSocketUrl, retryAttempts: 0 });
    await expect(client.iterate({ query: body.repeat(4) }).next()).rejects.toMatchObject({ code: 1009 });
  });

  test('a chat of too many messages is refused', async () => {
    const server = await startServer({ config: { limits: { maxMessages: 2 } } });
    const query = 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename } }';
    const message = { role: 'USER', content: 'hi' };
    const complete = async (count: number) =>
      (await overPost(server, { query, variables: { input: { messages: Array(count).fill(message) } } }))[0];
    expect(await complete(2)).toEqual({ data: { completeChat: { __typename: 'ChatAnswer' } } });
    expect((await complete(3))?.errors?.[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      path: 'input.messages',
    });
  });

  test('a client that answers no ping is let go', async () => {
    const { webSocketUrl } = await startServer({ config: { limits: { keepAliveMs: 30 } } });
    const socket = new WebSocketClient(webSocketUrl, 'graphql-transport-ws', { autoPong: false });
    expect(await new Promise((resolve) => socket.once('close', resolve))).toBe(1006);
  });

  test('a client that answers pings is kept', async () => {
    const { webSocketUrl } = await startServer({ config: { limits: { keepAliveMs: 1000 } } });
    const { socket } = await openSocket({ webSocketUrl });
    for (let pings = 0; pings < 3; pings++) await new Promise((resolve) => socket.once('ping', resolve));
    expect(socket.readyState).toBe(WebSocketClient.OPEN);
    socket.terminate();
  });
});

test('a malformed request is its sender’s mistake, and is not quoted', async () => {
  const { url, errors } = await startServer();
  const query = new URLSearchParams({ query: '{ __typename }', variables: '{nope' });
  const get = await fetch(`${url}?${query}`);
  expect([get.status, await get.json()]).toEqual([
    400,
    { errors: [expect.objectContaining({ extensions: { code: 'BAD_REQUEST', requestId: expect.any(String) } })] },
  ]);
  const post = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query": secret',
  });
  expect(post.status).toBe(400);
  expect(await post.text()).not.toContain('secret');
  expect(errors()).toEqual([]);
});
