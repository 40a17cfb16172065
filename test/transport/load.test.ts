import { createClient } from 'graphql-ws';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import WebSocketClient from 'ws';
import { createRateLimit } from '../../src/transport/rate-limit.ts';
import { overPost, overWebSocket, type Run, transports } from '../helpers/clients.ts';
import { openSocket, openWith, readAll, readStatus } from '../helpers/raw-http.ts';
import { finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

const QUERY = { query: '{ __typename }' };
const ANSWER = [{ data: { __typename: 'Query' } }];
const CHAT = {
  query:
    'subscription { chat(input: { messages: [{ role: USER, content: "hi" }], model: "scripted/model" }) { __typename } }',
};
const LIMITED = { code: 'RATE_LIMITED', retryAfter: expect.any(Number), requestId: expect.any(String) };

const extensionsOf = async (run: Run, server: TestServer, request = QUERY, headers?: Record<string, string>) =>
  (await run(server, request, headers))[0]?.errors?.[0]?.extensions;

describe('operations in a minute', () => {
  test.for([overPost, overWebSocket])('go over the limit over $name as an error of that operation', async (run) => {
    const server = await startServer({ config: { limits: { requestsPerMinute: 2 } } });
    expect(await run(server, QUERY)).toEqual(ANSWER);
    expect(await run(server, QUERY)).toEqual(ANSWER);
    const { retryAfter } = (await extensionsOf(run, server)) as { retryAfter: number };
    expect(retryAfter).toBeGreaterThan(1); // A minute, less what the test has taken.
    expect(retryAfter).toBeLessThanOrEqual(60);
  });

  test('say over HTTP when to come back', async () => {
    const { url } = await startServer({ config: { limits: { requestsPerMinute: 1 } } });
    const post = (accept: string) => {
      const headers = { 'content-type': 'application/json', accept };
      return fetch(url, { method: 'POST', headers, body: JSON.stringify(QUERY) });
    };
    await post('application/json');
    for (const accept of ['application/json', 'text/event-stream', 'application/graphql-response+json']) {
      const response = await post(accept);
      const body = (await response.json()) as { errors: [{ extensions: { retryAfter: number } }] };
      expect(response.status).toBe(429);
      expect(response.headers.get('retry-after')).toBe(String(body.errors[0].extensions.retryAfter));
    }
  });

  test('end one operation, not its WebSocket', async () => {
    const server = await startServer({ config: { limits: { requestsPerMinute: 1 } } });
    const client = createClient({ url: server.webSocketUrl, retryAttempts: 0, lazy: false });
    const closed = vi.fn();
    client.on('closed', closed);
    await client.iterate(QUERY).next();
    await expect(client.iterate(QUERY).next()).rejects.toMatchObject([{ extensions: LIMITED }]);
    expect(closed).not.toHaveBeenCalled();
    await client.dispose();
  });

  test('are counted for each key, over all transports together', async () => {
    const server = await startServer({ config: { auth: { keys: ['a', 'b'] }, limits: { requestsPerMinute: 2 } } });
    const of = (key: string) => ({ authorization: `Bearer ${key}` });
    await overPost(server, QUERY, of('a'));
    await overWebSocket(server, QUERY, of('a'));
    expect(await extensionsOf(overPost, server, QUERY, of('a'))).toEqual(LIMITED);
    expect(await extensionsOf(overWebSocket, server, QUERY, of('a'))).toEqual(LIMITED);
    expect(await overPost(server, QUERY, of('b'))).toEqual(ANSWER);
  });

  test('call no provider when they are too many', async () => {
    let calls = 0;
    const provider = scriptedProvider(async function* () {
      calls++;
      yield text('a');
      yield finish();
    });
    for (const [, run] of transports) {
      const server = await startServer({ providers: [provider], config: { limits: { requestsPerMinute: 1 } } });
      await run(server, QUERY);
      await run(server, CHAT);
    }
    expect(calls).toBe(0);
  });

  test.for([
    ['192.0.2.1', '::ffff:192.0.2.1', true],
    ['192.0.2.1', '192.0.2.2', false],
    ['2001:db8:1:2::3', '2001:db8:1:2:3:4:5:6', true],
    ['2001:db8::1:2', '2001:db8:0:0:ffff::', true],
    ['2001:db8:1:2::3', '2001:db8:1:3::3', false],
    ['::1', '::2', true],
    ['fe80::1%eth0', 'fe80::2', true],
  ] as const)('are counted for %s and %s together: %s', ([one, other, together]) => {
    const count = createRateLimit(() => 1);
    expect(count('', one)).toBeUndefined();
    expect(count('', other) !== undefined).toBe(together);
  });
});

/** A server whose chats say one word and wait. */
function startWaiting(config: Record<string, unknown>) {
  const provider = scriptedProvider(async function* (_request, signal) {
    yield text('a');
    await new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
    );
  });
  return startServer({ providers: [provider], config });
}

/** Starts a chat that waits, over a WebSocket of its own, and returns how to end it. */
async function startChat({ webSocketUrl }: TestServer, connectionParams = {}): Promise<() => void> {
  const client = createClient({ url: webSocketUrl, retryAttempts: 0, connectionParams });
  onTestFinished(() => client.terminate());
  const started = Promise.withResolvers<void>();
  const unsubscribe = client.subscribe(CHAT, { next: () => started.resolve(), error: started.reject, complete() {} });
  await started.promise;
  return unsubscribe;
}

describe('operations at the same time', () => {
  test('over one WebSocket are limited, and a place that is given back is taken', async () => {
    const { webSocketUrl } = await startWaiting({ limits: { maxStreamsPerConnection: 100 } });
    const client = createClient({ url: webSocketUrl, retryAttempts: 0 });
    onTestFinished(() => client.terminate());
    const chats = Array.from({ length: 1000 }, () => client.iterate(CHAT));
    const firsts = await Promise.allSettled(chats.map((chat) => chat.next()));
    expect(firsts.filter(({ status }) => status === 'fulfilled').length).toBe(100);
    expect(firsts.at(-1)).toMatchObject({ status: 'rejected', reason: [{ extensions: LIMITED }] });
    await chats[0]?.return?.();
    expect((await client.iterate(QUERY).next()).value).toEqual(ANSWER[0]);
  });

  test('of everyone are limited', async () => {
    const server = await startWaiting({ limits: { maxStreams: 2 } });
    const leave = await startChat(server);
    await startChat(server);
    for (const [, run] of transports) expect(await extensionsOf(run, server)).toEqual(LIMITED);
    for (const accept of ['application/json', 'text/event-stream']) {
      const { status, headers } = await fetch(`${server.url}?query={__typename}`, { headers: { accept } });
      expect([status, headers.get('retry-after')]).toEqual([503, '1']);
      expect(headers.get('content-type')).toContain(accept);
    }
    leave();
    await expect.poll(() => overPost(server, QUERY)).toEqual(ANSWER);
    expect(server.errors()).toEqual([]);
  });

  test('of one key are limited, and leave others alone', async () => {
    const server = await startWaiting({ auth: { keys: ['a', 'b'] }, limits: { maxStreamsPerKey: 1 } });
    const of = (key: string) => ({ authorization: `Bearer ${key}` });
    await startChat(server, of('a'));
    for (const [, run] of transports) expect(await extensionsOf(run, server, QUERY, of('a'))).toEqual(LIMITED);
    for (const [, run] of transports) expect(await run(server, QUERY, of('b'))).toEqual(ANSWER);
    const response = await fetch(`${server.url}?query={__typename}`, { headers: of('a') });
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '1']);
  });
});

describe('connections', () => {
  const get = (path: string) => [`GET ${path} HTTP/1.1`, 'host: localhost'];

  test('beyond the limit are told so, but for the sign of life', async () => {
    const { url } = await startServer({ config: { limits: { maxConnections: 1 } } });
    const first = await openWith(url, get('/graphql?query={__typename}'));
    expect(await readStatus(first)).toBe(200);
    const answer = await readAll(await openWith(url, get('/graphql?query={__typename}')));
    expect(answer).toMatch(/^HTTP\/1\.1 503 .*retry-after: 1\r\n.*"RATE_LIMITED"/s);
    expect(await readStatus(await openWith(url, get('/health')))).toBe(200);
    expect(await readStatus(await openWith(url, get('/ready')))).toBe(503);
  });

  test('beyond the limit that say nothing are ended', async () => {
    const { url } = await startServer({ config: { limits: { maxConnections: 1 } } });
    const first = await openSocket(url);
    expect(await readAll(await openSocket(url))).toBe('');
    expect(first.readyState).toBe('open');
  });

  test('beyond the limit close a WebSocket with 1013, until there is room', async () => {
    const { url, webSocketUrl, errors } = await startServer({ config: { limits: { maxConnections: 1 } } });
    const first = await openWith(url, get('/health'));
    await readStatus(first);
    const close = () =>
      new Promise((resolve) => new WebSocketClient(webSocketUrl, 'graphql-transport-ws').once('close', resolve));
    expect(await close()).toBe(1013);
    first.destroy();
    await expect.poll(async () => (await fetch(url, { method: 'POST' })).status).toBe(415);
    expect(errors()).toEqual([]);
  });
});
