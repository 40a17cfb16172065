import { expect, test } from 'vitest';
import { openSocket, readAll } from '../helpers/raw-http.ts';
import { startServer, type TestServer } from '../helpers/server.ts';

const body = JSON.stringify({
  query: `subscription { chat(input: { messages: [{ role: USER, content: "I need a holiday 👋" }] }) {
    ... on ChatDelta { text } ... on ChatFinished { length }
  } }`,
});

function request({ url }: TestServer, version: string, ...headers: readonly string[]): string {
  const lines = [
    `POST /graphql HTTP/${version}`,
    `host: ${new URL(url).host}`,
    'content-type: application/json',
    'accept: text/event-stream',
    `content-length: ${Buffer.byteLength(body)}`,
    ...headers,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

const CHAT = 'subscription { chat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }';

test.for([
  ['a subscription', CHAT],
  ['a query', '{ __typename }'],
  ['a mistake in a subscription', CHAT.replace('{ chat(', '{ chat(after: 1, ')],
  ['a syntax error', '{'],
  ['a field that is not there', '{ nope }'],
])('nothing on the way is to keep back or change the events of %s', async ([, query]) => {
  const server = await startServer();
  const asked = {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query }),
  };
  const overSocket = await fetch(server.url, asked);
  const without = await server.app.fetch('http://localhost/graphql', asked);
  for (const { headers } of [overSocket, without]) {
    expect(headers.get('content-type')).toBe('text/event-stream');
    expect(headers.get('x-accel-buffering')).toBe('no');
    expect(headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(headers.get('content-encoding')).toBeNull();
  }
  for (const response of [overSocket, without]) expect(await response.text()).toContain('event: complete');
});

const count = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0;

test('streams to a client of HTTP/1.0, which knows no chunks', async () => {
  const server = await startServer();
  const socket = await openSocket(server.url);
  socket.write(request(server, '1.0'));
  const received = await readAll(socket);
  const [head = '', events = ''] = received.split(/\r\n\r\n(.*)/s);
  expect(head).not.toMatch(/transfer-encoding/i);
  expect(events).toMatch(/^:\n\n(event: next\ndata: \{.*\}\n\n)+event: complete\ndata:\n\n$/);
});

test('streams to requests that stand in line on one connection, one after the other', async () => {
  const server = await startServer();
  const socket = await openSocket(server.url);
  socket.write(request(server, '1.1') + request(server, '1.1') + request(server, '1.1', 'connection: close'));
  const answers = (await readAll(socket)).split(/(?=HTTP\/1\.1 )/);
  expect(answers.length).toBe(3);
  for (const answer of answers) {
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toMatch(/"length":\d+/);
    expect(count(answer, /event: complete\n/g)).toBe(1);
    expect(answer.endsWith('\r\n0\r\n\r\n')).toBe(true);
  }
});

test('lets go of requests in line whose connection is lost', async () => {
  const server = await startServer({ config: { providers: { local: { wordDelayMs: 1000 } } } });
  const socket = await openSocket(server.url);
  socket.write(request(server, '1.1') + request(server, '1.1'));
  await new Promise((resolve) => socket.once('data', resolve));
  socket.destroy();
  const over = () => server.log.filter(({ msg }) => msg === 'operation').map(({ code }) => code);
  await expect.poll(over).toEqual(['LEFT', 'LEFT']);
  expect(server.errors()).toEqual([]);
});
