import type { IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { Config } from '../../src/config/schema.ts';
import { createAddressOf, createIsLocal } from '../../src/transport/client-address.ts';
import { PNG } from '../helpers/pictures.ts';
import { openSocket } from '../helpers/raw-socket.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

/** Asks for something, and tells whether that was too much. */
type Ask = (server: TestServer, headers: Record<string, string>) => Promise<boolean>;

const QUERY = { query: '{ __typename }' };

const post = (accept: string) => async (server: TestServer, headers: Record<string, string>) =>
  isTooMuch(await send(server.url, { accept, 'content-type': 'application/json', ...headers }, JSON.stringify(QUERY)));

const send = (url: string | URL, headers: Record<string, string>, body: BodyInit) =>
  fetch(url, { method: 'POST', headers, body });

async function isTooMuch(response: Response): Promise<boolean> {
  await response.text();
  if (response.status !== 429) expect(response.ok).toBe(true);
  return response.status === 429;
}

const ways: readonly (readonly [string, Ask])[] = [
  ['POST', post('application/json')],
  ['SSE', post('text/event-stream')],
  [
    'POST /media',
    async ({ url }, headers) =>
      isTooMuch(await send(new URL('media', url), { 'content-type': 'image/png', ...headers }, Uint8Array.from(PNG))),
  ],
  [
    'WebSocket',
    async (server, headers) => {
      const { send, next, socket } = await openSocket(server, { headers });
      send({ id: '1', type: 'subscribe', payload: QUERY });
      const { type, payload } = await next();
      socket.terminate();
      if (type === 'error') expect(payload).toMatchObject([{ extensions: { code: 'RATE_LIMITED' } }]);
      return type === 'error';
    },
  ],
];

describe.for(ways)('a client over %s', ([, ask]) => {
  /** Whether the one who asks has asked before, as the limits see it. */
  async function start(trustProxy: number) {
    const server = await startServer({ config: { server: { trustProxy }, limits: { requestsPerMinute: 1 } } });
    return (forwardedFor: string) => ask(server, { 'x-forwarded-for': forwardedFor });
  }

  test('has limits of its own behind a proxy', async () => {
    const hasAsked = await start(1);
    expect(await hasAsked('192.0.2.1')).toBe(false);
    expect(await hasAsked('192.0.2.2')).toBe(false);
    expect(await hasAsked('192.0.2.1')).toBe(true);
  });

  test('cannot be somebody else by writing addresses itself', async () => {
    const hasAsked = await start(1);
    expect(await hasAsked('192.0.2.1')).toBe(false);
    expect(await hasAsked('198.51.100.7, 192.0.2.1')).toBe(true);
  });

  test('is not believed where there is no proxy', async () => {
    const hasAsked = await start(0);
    expect(await hasAsked('192.0.2.1')).toBe(false);
    expect(await hasAsked('192.0.2.2')).toBe(true);
  });
});

test('a reload changes whom limits count', async () => {
  const limits = { requestsPerMinute: 1 };
  const server = await startServer({ config: { limits } });
  const hasAsked = (forwardedFor: string) => post('application/json')(server, { 'x-forwarded-for': forwardedFor });
  expect([await hasAsked('192.0.2.1'), await hasAsked('192.0.2.2')]).toEqual([false, true]);
  await server.app.reload(Config.parse({ server: { trustProxy: 1 }, limits }));
  expect([await hasAsked('192.0.2.1'), await hasAsked('192.0.2.2')]).toEqual([false, false]);
});

const SOCKET = '127.0.0.1';

test.for([
  [0, '192.0.2.1', SOCKET],
  [1, undefined, SOCKET],
  [1, '', SOCKET],
  [1, ' , ,, ', SOCKET],
  [1, '192.0.2.1', '192.0.2.1'],
  [1, '192.0.2.9,192.0.2.1', '192.0.2.1'],
  [2, '192.0.2.9, 192.0.2.1, 10.0.0.1', '192.0.2.1'],
  [2, '192.0.2.1', '192.0.2.1'],
  [10, '192.0.2.2, 192.0.2.1', '192.0.2.2'],
  [1, '192.0.2.1:51234', '192.0.2.1'],
  [1, '2001:db8::1', '2001:db8::1'],
  [1, '[2001:db8::1]', '2001:db8::1'],
  [1, '[2001:db8::1]:51234', '2001:db8::1'],
  [1, 'fe80::1%eth0', 'fe80::1%eth0'],
  [1, 'unknown', SOCKET],
  [1, 'unix:', SOCKET],
  [2, 'unknown, 10.0.0.1', '10.0.0.1'],
  [2, '192.0.2.1, unknown', '192.0.2.1'],
  [1, '999.0.2.1', SOCKET],
  [1, '[192.0.2.1]:80', '192.0.2.1'],
  [1, '[2001:db8::1', SOCKET],
  [1, '192.0.2.1, for="[2001:db8::1]"', SOCKET],
  [1, `192.0.2.1, ${'9'.repeat(10_000)}`, SOCKET],
  [1, '\u0000\u00ff\u2028', SOCKET],
] as const)('behind %i proxies that say %j it is at %s', ([hops, forwardedFor, address]) => {
  const headers = { ...(forwardedFor === undefined ? {} : { 'x-forwarded-for': forwardedFor }) };
  const request = { socket: { remoteAddress: SOCKET }, headers } as unknown as IncomingMessage;
  expect(createAddressOf(hops)(request)).toBe(address);
});

test.for([
  [0, '127.0.0.1', {}, true],
  [0, '::ffff:127.0.0.1', {}, true],
  [0, '192.0.2.1', {}, false],
  [0, '127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }, false],
  [1, '127.0.0.1', {}, true],
  [1, '127.0.0.1', { 'x-forwarded-for': '192.0.2.1, 127.0.0.1' }, true],
  [1, '127.0.0.1', { 'x-forwarded-for': '127.0.0.1, 192.0.2.1' }, false],
  [1, '192.0.2.1', { 'x-forwarded-for': '127.0.0.1' }, false],
  [1, '127.0.0.1', { 'x-forwarded-for': 'unix:' }, false],
  [1, '127.0.0.1', { 'x-forwarded-for': ' , ,, ' }, false],
  [1, '127.0.0.1', { 'x-forwarded-for': '' }, false],
  [1, '127.0.0.1', { via: '1.1 proxy' }, false],
  [2, '127.0.0.1', { 'x-forwarded-for': 'unix:, 127.0.0.1' }, false],
  [2, '127.0.0.1', { 'x-forwarded-for': '::1, 127.0.0.1' }, true],
] as const)('behind %i proxies, from %s with %j, it is local: %s', ([hops, remoteAddress, headers, isLocal]) => {
  const request = { socket: { remoteAddress }, headers } as unknown as IncomingMessage;
  expect(createIsLocal(hops)(request)).toBe(isLocal);
});
