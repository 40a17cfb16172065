import type { Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import WebSocketClient from 'ws';
import { openSocket, readAll, readStatus } from '../helpers/raw-http.ts';
import { openSilently, openSocket as openWebSocket } from '../helpers/raw-socket.ts';
import { startServer } from '../helpers/server.ts';

const MOST = 1000;
const config = { limits: { maxBodyBytes: MOST }, auth: { keys: ['right'] } };

/** A query of so many bytes, as JSON. */
const query = (bytes: number) => '{"query":"{__typename}"}'.padEnd(bytes);

const head = (framing: string, { key = 'right', type = 'application/json' } = {}) =>
  `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${key}\r\ncontent-type: ${type}\r\n${framing}\r\n\r\n`;
const withLength = (body: string, options?: object) => head(`content-length: ${body.length}`, options) + body;
const chunk = (body: string) => `${body.length.toString(16)}\r\n${body}\r\n`;
const inChunks = (body: string, options?: object) =>
  head('transfer-encoding: chunked', options) + chunk(body) + chunk('');

/** Asks again over the same connection. */
function askAgain(socket: Socket): Promise<number> {
  const status = readStatus(socket);
  socket.write(withLength(query(30)));
  return status;
}

describe.for([
  ['a body with a length', withLength],
  ['a body in chunks', inChunks],
] as const)('%s', ([, write]) => {
  test.for([
    [-1, 200],
    [0, 200],
    [1, 413],
    [60_000, 413],
  ] as const)('of the limit and %i is answered with %i, and so is the next request', async ([more, status]) => {
    const { url, errors } = await startServer({ config });
    const socket = await openSocket(url);
    const answer = readStatus(socket);
    socket.write(write(query(MOST + more)));
    expect(await answer).toBe(status);
    expect(await askAgain(socket)).toBe(200);
    expect(errors()).toEqual([]);
  });

  test.for([
    ['of nobody', { key: 'wrong' }, 401],
    ['of a form', { type: 'text/plain' }, 415],
  ] as const)('%s is not read, and the next request is answered', async ([, options, status]) => {
    const { url } = await startServer({ config });
    const socket = await openSocket(url);
    const answer = readStatus(socket);
    socket.write(write(query(60_000), options));
    expect(await answer).toBe(status);
    expect(await askAgain(socket)).toBe(200);
  });
});

test('a body whose chunks go on after the refusal is read to its end', async () => {
  const { url } = await startServer({ config });
  const socket = await openSocket(url);
  const answer = readStatus(socket);
  socket.write(head('transfer-encoding: chunked') + chunk(query(2000)));
  expect(await answer).toBe(413);
  for (let at = 0; at < 10; at++) {
    await new Promise((resolve) => socket.write(chunk('x'.repeat(50_000)), resolve));
  }
  socket.write(chunk(''));
  expect(await askAgain(socket)).toBe(200);
});

test('a body without end ends its connection', async () => {
  const { url } = await startServer({ config });
  const socket = await openSocket(url);
  const all = readAll(socket);
  socket.write(head('transfer-encoding: chunked'));
  const more = () => socket.writable && socket.write(chunk('x'.repeat(50_000)), more);
  more();
  expect(await all).toMatch(/^HTTP\/1\.1 413 /);
});

test('a body that breaks off leaves no trace', async () => {
  const { url, log } = await startServer({ config });
  const socket = await openSocket(url);
  await new Promise((resolve) => socket.write(head('content-length: 500') + query(100), resolve));
  socket.destroy();
  expect(await askAgain(await openSocket(url))).toBe(200);
  await expect.poll(() => log.map(({ msg }) => msg)).toEqual(['operation']);
});

test.for([
  [-1, true],
  [0, true],
  [1, false],
] as const)('a WebSocket message of the limit and %i is taken: %s', async ([more, taken]) => {
  const { webSocketUrl } = await startServer({ config });
  const init = JSON.stringify({ type: 'connection_init', payload: { authorization: 'Bearer right' } });
  for (const fragments of [1, 2]) {
    const socket = new WebSocketClient(webSocketUrl, 'graphql-transport-ws');
    await new Promise((resolve) => socket.once('open', resolve));
    const answer = new Promise((resolve) => {
      socket.once('message', () => resolve(true)).once('close', (code) => resolve(code));
    });
    const message = init.padEnd(MOST + more);
    if (fragments === 2) socket.send(message.slice(0, 500), { fin: false });
    socket.send(fragments === 2 ? message.slice(500) : message);
    expect(await answer).toBe(taken || 1009);
    socket.terminate();
  }
});

describe('a WebSocket message over the limit', () => {
  const init = { connectionParams: { authorization: 'Bearer right' } };
  const subscribe = (id: string, query: string) => ({ id, type: 'subscribe', payload: { query } });
  const padded = (message: object, bytes: number) => JSON.stringify(message).padEnd(bytes);
  const refused = (id: string) => ({
    id,
    type: 'error',
    payload: [
      {
        message: expect.any(String),
        extensions: { code: 'REQUEST_ENTITY_TOO_LARGE', requestId: expect.any(String) },
      },
    ],
  });
  const long = `{ __typename } #${'"}'.repeat(MOST / 2)}`;

  test.for([
    ['at the beginning', JSON.stringify({ id: 'b', type: 'subscribe', payload: { query: long } })],
    ['in the middle', JSON.stringify({ type: 'subscribe', id: 'b', payload: { query: long, variables: { id: 'x' } } })],
    ['at the end', JSON.stringify({ payload: { query: long, extensions: { id: 'x' } }, type: 'subscribe', id: 'b' })],
    ['between blanks', `\n{ "payload" : ${JSON.stringify({ query: long })} ,\t"id" : "\\u0062", "type": "subscribe" }`],
  ])('is refused for its operation alone, with its id %s', async ([, message]) => {
    const server = await startServer({ config });
    const { socket, send, next } = await openWebSocket(server, init);
    send(subscribe('a', 'subscription { providerHealth { id } }'));
    socket.send(message ?? '');
    expect(await next()).toEqual(refused('b'));
    send(
      subscribe('b', 'mutation { completeChat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }'),
    );
    const rest = [await next(), await next(), await next()];
    expect(rest).toContainEqual({
      id: 'b',
      type: 'next',
      payload: { data: { completeChat: { __typename: 'ChatAnswer' } } },
    });
    expect(rest).toContainEqual({ id: 'a', type: 'next', payload: { data: { providerHealth: { id: 'local' } } } });
    expect(server.errors()).toEqual([]);
  });

  test('begins nothing', async () => {
    const server = await startServer({ config });
    const { socket, next } = await openWebSocket(server, init);
    const chat = 'subscription { chat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }';
    socket.send(padded(subscribe('a', chat), MOST + 1));
    expect(await next()).toEqual(refused('a'));
    expect(server.log.filter(({ msg }) => msg === 'operation')).toEqual([]);
  });

  test('ends its socket only beyond four times the limit, in one frame or more', async () => {
    const server = await startServer({ config });
    const { socket, next, closed } = await openWebSocket(server, init);
    for (const fragments of [1, 3]) {
      const message = padded(subscribe('a', '{ __typename }'), 4 * MOST);
      for (let at = 1; at < fragments; at++) socket.send(message.slice((at - 1) * 100, at * 100), { fin: false });
      socket.send(message.slice((fragments - 1) * 100));
      expect(await next()).toEqual(refused('a'));
    }
    socket.send(padded(subscribe('a', '{ __typename }'), 4 * MOST + 1));
    expect((await closed).code).toBe(1009);
    expect(server.errors()).toEqual([]);
  });

  test.for([
    ['no JSON', 'x'.repeat(MOST + 1)],
    ['no message', padded([], MOST + 1)],
    ['an operation without an id', padded({ type: 'subscribe', payload: { query: '{ __typename }' } }, MOST + 1)],
    ['no operation', padded({ type: 'ping', id: 'a' }, MOST + 1)],
  ])('ends its socket where it is %s', async ([, message]) => {
    const { socket, closed } = await openWebSocket(await startServer({ config }), init);
    socket.send(message ?? '');
    expect((await closed).code).toBe(1009);
  });

  test('is no way around what else is wrong with it', async () => {
    const server = await startServer({ config });
    const early = await openSilently(server);
    early.socket.send(padded(subscribe('a', '{ __typename }'), MOST + 1));
    expect((await early.closed).code).toBe(4401);
    const twice = await openWebSocket(server, init);
    twice.send(subscribe('a', 'subscription { providerHealth { id } }'));
    twice.socket.send(padded(subscribe('a', '{ __typename }'), MOST + 1));
    expect((await twice.closed).code).toBe(4409);
  });
});
