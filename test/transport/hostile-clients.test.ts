import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import WebSocketClient from 'ws';
import { openSocket, openWith, readAll, UPGRADE } from '../helpers/raw-http.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

const connectionsOf = ({ app: { server } }: TestServer) => promisify(server.getConnections.bind(server))();

async function openWebSocket({ webSocketUrl }: TestServer): Promise<WebSocketClient> {
  const socket = new WebSocketClient(webSocketUrl, 'graphql-transport-ws').on('error', () => {});
  onTestFinished(() => socket.terminate());
  await new Promise((resolve) => socket.once('open', resolve));
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await new Promise((resolve) => socket.once('message', resolve));
  return socket;
}

type Send = (socket: WebSocketClient, sent: () => void) => void;

const floods: Readonly<Record<string, Send>> = {
  'ping frames': (socket, sent) => socket.ping('x'.repeat(125), true, sent),
  'ping messages': (socket, sent) =>
    socket.send(JSON.stringify({ type: 'ping', payload: { x: 'x'.repeat(1000) } }), sent),
  'operations that are refused': (socket, sent) =>
    socket.send(JSON.stringify({ type: 'subscribe', id: `${Math.random()}`, payload: { query: '{' } }), sent),
};

/** Sends so many, and resolves when they have gone out or never can. */
async function flood(socket: WebSocketClient, send: Send, count: number): Promise<void> {
  for (let at = 1; at < count; at++) send(socket, () => {});
  await new Promise<void>((resolve) => send(socket, resolve));
}

test.for(Object.entries(floods))(
  'a flood of %s from a client that does not read ends its connection',
  async ([, send]) => {
    const server = await startServer();
    const socket = await openWebSocket(server);
    socket.pause();
    while ((await connectionsOf(server)) > 0) await flood(socket, send, 1000);
    expect(server.errors()).toEqual([]);
  },
);

test('a burst of messages from a client that reads leaves it connected', async () => {
  const server = await startServer();
  const socket = await openWebSocket(server);
  for (const send of Object.values(floods).slice(1)) {
    await flood(socket, send, 500);
    const answered = new Promise((resolve) =>
      socket.on('message', (data) => String(data).includes('"id":"last"') && resolve(true)),
    );
    socket.send(JSON.stringify({ type: 'subscribe', id: 'last', payload: { query: '{ __typename }' } }));
    expect(await answered).toBe(true);
  }
});

describe('a connection that is opened', () => {
  const config = { limits: { requestTimeoutMs: 200 } };

  test('and says nothing is closed', async () => {
    const { url } = await startServer({ config });
    expect(await readAll(await openSocket(url))).toMatch(/^(HTTP\/1\.1 408 |$)/);
  });

  test('and says a letter at a time is closed', async () => {
    const { url } = await startServer({ config });
    const socket = await openSocket(url);
    const letters = setInterval(() => socket.writable && socket.write('G'), 20);
    onTestFinished(() => clearInterval(letters));
    expect(await readAll(socket)).toMatch(/^HTTP\/1\.1 4(00|08) /);
  });

  test('and does not end its body is closed', async () => {
    const { url, errors } = await startServer({ config });
    const lines = [
      'POST /graphql HTTP/1.1',
      'host: localhost',
      'content-type: application/json',
      'content-length: 100',
    ];
    expect(await readAll(await openWith(url, lines))).toMatch(/^HTTP\/1\.1 408 /);
    expect(errors()).toEqual([]);
  });

  test('to a stream is not closed for its age', async () => {
    const { url } = await startServer({
      config: { limits: { requestTimeoutMs: 1000 }, providers: { local: { wordDelayMs: 400 } } },
    });
    const query = 'subscription { chat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }';
    const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
    const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }) });
    expect(await response.text()).toContain('ChatFinished');
  });

  test('to a WebSocket that stays silent is closed with 4408, and ended if that is not answered', async () => {
    const { url } = await startServer();
    const received = await readAll(await openWith(url, ['GET /graphql HTTP/1.1', 'host: localhost', ...UPGRADE]));
    const closeFrame = Buffer.from(received.slice(received.indexOf('\r\n\r\n') + 4), 'latin1');
    expect(closeFrame.subarray(2, 4).readUInt16BE()).toBe(4408);
  });
});
