import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import WebSocketClient from 'ws';
import { overSse, type Request } from './helpers/clients.ts';
import { finish, scriptedProvider, text as word } from './helpers/scripted-provider.ts';
import { startServer, type TestServer } from './helpers/server.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const json = { 'content-type': 'application/json' };
const FINE: Request = { query: '{ __typename }' };
const WRONG: Request = { query: '{ nope }' };

const post = ({ url }: TestServer, body: object | string, headers: Record<string, string> = {}) =>
  fetch(url, {
    method: 'POST',
    headers: { ...json, ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });

const idsInLog = ({ log }: TestServer) => log.flatMap(({ msg, requestId }) => (msg === 'operation' ? [requestId] : []));

/** What the header says, and the first error. */
async function idsOf(response: Response): Promise<unknown[]> {
  const { errors } = (await response.json()) as { errors: { extensions: { requestId?: string } }[] };
  return [response.headers.get('x-request-id'), errors[0]?.extensions.requestId];
}

describe('over HTTP', () => {
  test('an id that is given stands in the header, the log and every error', async () => {
    const server = await startServer();
    const headers = { 'x-request-id': 'a~b/1' };
    const fine = await post(server, FINE, headers);
    expect([fine.headers.get('x-request-id'), await fine.json()]).toEqual(['a~b/1', { data: { __typename: 'Query' } }]);
    expect(await idsOf(await post(server, WRONG, headers))).toEqual(['a~b/1', 'a~b/1']);
    expect(idsInLog(server)).toEqual(['a~b/1', 'a~b/1']);
  });

  test('the same document has the id of each request, though its errors are kept', async () => {
    const server = await startServer();
    const ids = ['a', 'b', 'c'];
    const told = await Promise.all(ids.map(async (id) => idsOf(await post(server, WRONG, { 'x-request-id': id }))));
    expect(told).toEqual(ids.map((id) => [id, id]));
  });

  test.for([
    ['none', undefined],
    ['an empty one', ''],
    ['blanks', 'a b'],
    ['more than 128 characters', 'x'.repeat(129)],
    ['letters beyond ASCII', '\u00e9'],
  ])('%s is made anew', async ([, given]) => {
    const server = await startServer();
    const [header, told] = await idsOf(await post(server, WRONG, given === undefined ? {} : { 'x-request-id': given }));
    expect(header).toMatch(UUID);
    expect([told, idsInLog(server)]).toEqual([header, [header]]);
  });

  test('128 characters are taken', async () => {
    const id = '!'.repeat(128);
    expect(await idsOf(await post(await startServer(), WRONG, { 'x-request-id': id }))).toEqual([id, id]);
  });

  test('whoever is turned away at a door is told of it, and a page elsewhere may read it', async () => {
    const server = await startServer({
      config: {
        auth: { keys: ['right'] },
        limits: { maxBodyBytes: 1000 },
        server: { cors: { origins: ['https://app.example.com'] } },
      },
    });
    const right = { authorization: 'Bearer right', 'x-request-id': 'mine' };
    const media = new URL('media', server.url).href;
    const refused = await Promise.all([
      post(server, FINE, { ...right, authorization: 'Bearer wrong', origin: 'https://app.example.com' }),
      post(server, FINE, { ...right, 'content-type': 'text/plain' }),
      post(server, '{', right),
      post(server, ' '.repeat(1001), right),
      fetch(`${server.url}?query={__typename}&variables={`, { headers: right }),
      fetch(media, { headers: right }),
      fetch(media, { method: 'POST', headers: { ...right, 'content-type': 'image/png' }, body: 'no picture' }),
    ]);
    expect(refused.map(({ status }) => status)).toEqual([401, 415, 400, 413, 400, 405, 415]);
    for (const response of refused) expect(await idsOf(response)).toEqual(['mine', 'mine']);
    expect(refused[0]?.headers.get('access-control-expose-headers')).toContain('x-request-id');
    const stored = await fetch(media, {
      method: 'POST',
      headers: { ...right, 'content-type': 'application/octet-stream' },
      body: '%PDF-1.4',
    });
    expect([stored.status, stored.headers.get('x-request-id')]).toEqual([201, 'mine']);
  });

  test.for([
    ['a host that is not ours', 'GET /graphql HTTP/1.1\r\nHost: evil.example\r\n', 421],
    [
      'an upgrade elsewhere',
      'GET /nope HTTP/1.1\r\nHost: localhost\r\nConnection: upgrade\r\nUpgrade: websocket\r\n',
      404,
    ],
    [
      'the upgrade of a foreign page',
      'GET /graphql HTTP/1.1\r\nHost: localhost\r\nOrigin: https://evil.example\r\nConnection: upgrade\r\nUpgrade: websocket\r\n',
      403,
    ],
  ] as const)('%s is refused under the id too', async ([, head, status]) => {
    const { url } = await startServer();
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    await once(socket, 'connect');
    socket.write(`${head}X-Request-Id: mine\r\n\r\n`);
    const answer = await text(socket);
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(answer).toContain('\r\nx-request-id: mine\r\n');
    expect(answer).toContain('"requestId":"mine"');
  });

  test('a stream has it in its header, and an error in the middle of it too', async () => {
    const broken = scriptedProvider(
      async function* () {
        yield word('a');
        yield finish();
      },
      {
        get url(): string {
          throw new TypeError('broken');
        },
      },
    );
    const server = await startServer({ providers: [broken] });
    const query =
      'subscription { chat(input: { messages: [{ role: USER, content: "hi" }], model: "scripted/model" }) { __typename ... on ChatStarted { model { provider { url } } } } }';
    const headers = { accept: 'text/event-stream', 'x-request-id': 'mine' };
    const response = await post(server, { query }, headers);
    expect(response.headers.get('x-request-id')).toBe('mine');
    await response.text();
    const [first, ...others] = await overSse(server, { query }, headers);
    expect(first?.errors).toMatchObject([{ extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'mine' } }]);
    expect(others).not.toEqual([]);
    for (const { errors } of others) expect(errors).toBeUndefined();
    expect(server.errors().map(({ requestId }) => requestId)).toEqual(['mine', 'mine']);
  });
});

describe('over WebSocket', () => {
  const connectTo = ({ webSocketUrl }: TestServer, headers: Record<string, string>) =>
    createClient({
      url: webSocketUrl,
      retryAttempts: 0,
      lazy: false,
      webSocketImpl: class extends WebSocketClient {
        constructor(url: string, protocols: string) {
          super(url, protocols, { headers });
        }
      },
    });

  test("an operation has its own, or its connection's with a number, or a new one", async () => {
    const server = await startServer({ config: { limits: { requestsPerMinute: 5 } } });
    const mine = connectTo(server, { 'x-request-id': 'conn' });
    const nobodys = connectTo(server, {});
    const ask = async (client: typeof mine, requestId?: unknown): Promise<unknown> => {
      const extensions = requestId === undefined ? {} : { extensions: { requestId } };
      const [error] = await client
        .iterate({ ...WRONG, ...extensions })
        .next()
        .catch((errors) => errors);
      return error.extensions.requestId;
    };
    expect([await ask(mine), await ask(mine, 'own'), await ask(mine, 'not one'), await ask(mine, 7)]).toEqual([
      'conn-1',
      'own',
      'conn-3',
      'conn-4',
    ]);
    expect(await ask(nobodys)).toMatch(UUID);
    expect(idsInLog(server).slice(0, 4)).toEqual(['conn-1', 'own', 'conn-3', 'conn-4']);
    expect(await ask(mine, 'refused')).toBe('refused'); // One more than may be asked in a minute.
    await Promise.all([mine.dispose(), nobodys.dispose()]);
  });
});

test('a bug in a provider is found by the request that it happened in', async () => {
  const provider = scriptedProvider(() => {
    throw new TypeError('broken');
  });
  const server = await startServer({ providers: [provider] });
  const query =
    'mutation { completeChat(input: { messages: [{ role: USER, content: "hi" }], model: "scripted/model" }) { ... on ChatFailed { message } } }';
  const response = await post(server, { query }, { 'x-request-id': 'mine' });
  const { data } = (await response.json()) as { data: { completeChat: { message: string } } };
  const [bug] = server.errors();
  expect(bug).toMatchObject({ requestId: 'mine', err: { message: 'broken' } });
  expect(data.completeChat.message).toBe(`Unexpected error (${bug?.id})`);
});
