import { describe, expect } from 'vitest';
import { openSilently, openSocket, type RawSocket } from '../helpers/raw-socket.ts';
import { finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';
import { startServer } from '../helpers/server.ts';
import { expectWithin, inMs, row } from './row.ts';

const CHAT = 'subscription { chat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }';
const COMPLETE = 'mutation { completeChat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }';
const subscribe = (query: string, id = '1') => ({ id, type: 'subscribe', payload: { query } });
const NAME = subscribe('{ __typename }', 'name');

/** A server whose only model says a word, and then nothing until it is left. */
async function start() {
  let running = 0;
  const provider = scriptedProvider(async function* (_request, signal) {
    running++;
    try {
      yield text('Hello');
      await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    } finally {
      running--;
    }
  });
  const config = { defaults: { chat: 'scripted/model' }, limits: { maxBodyBytes: 100_000 } };
  const server = await startServer({ providers: [provider], config });
  return { ...server, running: () => running };
}

/** An operation on the same socket is still answered. */
async function isAlive({ send, next }: RawSocket): Promise<boolean> {
  send(NAME);
  const frames = [await next(), await next()];
  return (
    JSON.stringify(frames) ===
    '[{"id":"name","type":"next","payload":{"data":{"__typename":"Query"}}},{"id":"name","type":"complete"}]'
  );
}

interface Closing {
  readonly code: number;
  readonly because: string;
  readonly done: string;
  /** Before the connection is acknowledged. */
  readonly early?: boolean;
  readonly say: readonly (object | string | Buffer)[];
  readonly reason?: string | RegExp;
}

const closings: readonly Closing[] = [
  { code: 4400, because: 'a message is not JSON', done: '`hello`', say: ['hello'] },
  { code: 4400, because: 'a message is no object', done: '`null`, as text', say: ['null'] },
  { code: 4400, because: 'a message is an array', done: '`[]`', say: ['[]'] },
  { code: 4400, because: 'a message has no type', done: '`{}`', say: [{}] },
  {
    code: 4400,
    because: 'a type is not in the protocol',
    done: 'type `start`, of an older protocol',
    say: [{ id: '1', type: 'start' }],
  },
  {
    code: 4400,
    because: 'a type is one of the server',
    done: 'type `connection_ack`',
    say: [{ type: 'connection_ack' }],
  },
  {
    code: 4400,
    because: 'a `subscribe` has no id',
    done: '`subscribe` without `id`',
    say: [{ type: 'subscribe', payload: { query: CHAT } }],
  },
  {
    code: 4400,
    because: 'a `subscribe` has no payload',
    done: '`subscribe` without `payload`',
    say: [{ id: '1', type: 'subscribe' }],
  },
  {
    code: 4400,
    because: 'a `subscribe` has no query',
    done: '`payload: {}`',
    say: [{ id: '1', type: 'subscribe', payload: {} }],
  },
  {
    code: 4400,
    because: 'variables are no object',
    done: '`variables: 7`',
    say: [{ id: '1', type: 'subscribe', payload: { query: CHAT, variables: 7 } }],
  },
  { code: 4400, because: 'a `complete` has no id', done: '`complete` without `id`', say: [{ type: 'complete' }] },
  {
    code: 4400,
    because: 'a payload of `ping` is no object',
    done: '`ping` with `payload: 7`',
    say: [{ type: 'ping', payload: 7 }],
  },
  {
    code: 4400,
    because: 'a payload of `connection_init` is no object',
    done: '`payload: "key"`',
    early: true,
    say: [{ type: 'connection_init', payload: 'key' }],
  },
  {
    code: 4401,
    because: 'an operation comes before `connection_init`',
    done: '`subscribe` first',
    early: true,
    say: [subscribe(CHAT)],
    reason: 'Unauthorized',
  },
  {
    code: 4409,
    because: 'an id is in use',
    done: 'two `subscribe` with one id',
    say: [subscribe(CHAT), subscribe(CHAT)],
    reason: 'Subscriber for 1 already exists',
  },
  {
    code: 4409,
    because: 'an id is in use by an operation of another kind',
    done: 'a subscription and a query with one id',
    say: [subscribe(CHAT), subscribe('{ __typename }')],
  },
  {
    code: 4429,
    because: 'the connection is initialised twice',
    done: 'two `connection_init`',
    say: [{ type: 'connection_init' }],
    reason: 'Too many initialisation requests',
  },
  {
    code: 4429,
    because: 'the connection is initialised twice at once',
    done: 'two `connection_init` in one write',
    early: true,
    say: [{ type: 'connection_init' }, { type: 'connection_init' }],
  },
  {
    code: 1009,
    because: 'a message is larger than four times `maxBodyBytes`',
    done: 'a frame of 500 kB, where that is 100 kB',
    say: [subscribe(`# ${'x'.repeat(500_000)}`)],
  },
];

describe('Protocol', () => {
  for (const { code, because, done, early = false, say, reason } of closings) {
    row(
      `a socket is closed with ${code} when ${because}`,
      { done, expected: `close code ${code}, within 100 ms; nothing left running; no error in the log` },
      async (measure) => {
        const server = await start();
        const { socket, send, closed } = await (early ? openSilently : openSocket)(server);
        const said = performance.now();
        for (const message of say) {
          if (typeof message === 'string') socket.send(message);
          else send(message);
        }
        const closing = await closed;
        const ms = performance.now() - said;
        measure(`${closing.code} '${closing.reason}', ${inMs(ms)}`);
        expect(closing.code).toBe(code);
        if (reason !== undefined) expect(closing.reason).toMatch(reason);
        expectWithin(ms, 100);
        await expect.poll(server.running).toBe(0);
        expect(server.errors()).toEqual([]);
      },
    );
  }

  for (const [what, offered, expected] of [
    ['none', [], 4406],
    // A client library ends a handshake that agrees on no subprotocol, before it reads the close code.
    ['the older one, `graphql-ws`', ['graphql-ws'], 1006],
  ] as const) {
    row(
      `a socket is closed when its subprotocol is ${what}`,
      { done: `a WebSocket that offers ${what}`, expected: `close code ${expected}` },
      async (measure) => {
        const { closed } = await openSilently(await start(), { offered });
        const { code, reason } = await closed;
        measure(`${code} '${reason}'`);
        expect(code).toBe(expected);
      },
    );
  }

  row(
    'a wrong key closes the socket with 4403',
    {
      done: '`connection_init` with a wrong key, with none, and with the right one',
      expected: '4403, 4403, `connection_ack`',
    },
    async (measure) => {
      const server = await startServer({ config: { auth: { keys: ['the-right-key'] } } });
      const init = async (payload?: object) => {
        const { send, next, closed } = await openSilently(server);
        send({ type: 'connection_init', ...(payload ? { payload } : {}) });
        return Promise.race([closed.then(({ code }) => code), next().then(({ type }) => type)]);
      };
      const came = [
        await init({ authorization: 'Bearer wrong' }),
        await init(),
        await init({ Authorization: 'Bearer the-right-key' }),
      ];
      measure(came.join(', '));
      expect(came).toEqual([4403, 4403, 'connection_ack']);
    },
  );

  row(
    'a socket without `connection_init` is closed with 4408',
    { done: 'a WebSocket opened, and nothing said on it', expected: '4408, after 3 s' },
    async (measure) => {
      const opened = performance.now();
      const { closed } = await openSilently(await start());
      const { code } = await closed;
      const ms = performance.now() - opened;
      measure(`${code} after ${inMs(ms)}`);
      expect(code).toBe(4408);
      expect(ms).toBeGreaterThan(2900);
      expectWithin(ms, 4000);
    },
  );

  row(
    'a ping is answered, with its payload, before and after the acknowledgement',
    { done: '`ping` with a payload, twice', expected: 'a `pong` with it, within 100 ms' },
    async (measure) => {
      const { send, next } = await openSilently(await start());
      const ping = { type: 'ping', payload: { at: 7 } };
      const times: number[] = [];
      for (const before of [[], [{ type: 'connection_init' }]]) {
        send(...before);
        if (before.length > 0) expect(await next()).toMatchObject({ type: 'connection_ack' });
        const sent = performance.now();
        send(ping);
        expect(await next()).toEqual({ type: 'pong', payload: { at: 7 } });
        times.push(performance.now() - sent);
      }
      measure(times.map(inMs).join(', '));
      expectWithin(Math.max(...times), 100);
    },
  );

  for (const [what, ...messages] of [
    ['a `pong` that nobody asked for', { type: 'pong' }],
    ['a `complete` of an unknown id', { id: 'unknown', type: 'complete' }],
    ['two `complete` of one id', subscribe(CHAT), { id: '1', type: 'complete' }, { id: '1', type: 'complete' }],
  ] as const) {
    row(
      `${what} is ignored`,
      { done: what, expected: 'the socket stays open, the next query is answered' },
      async (measure) => {
        const server = await start();
        const socket = await openSocket(server);
        socket.send(...messages);
        const alive = await isAlive(socket);
        measure(alive ? 'answered' : 'not answered');
        expect(alive).toBe(true);
        expect(server.errors()).toEqual([]);
      },
    );
  }

  row(
    'a `complete` of an operation that is over is ignored',
    {
      done: 'a query, its answer awaited, then its `complete`',
      expected: 'the socket stays open, the next query is answered',
    },
    async (measure) => {
      const socket = await openSocket(await start());
      const first = await isAlive(socket);
      socket.send({ id: 'name', type: 'complete' });
      const alive = await isAlive(socket);
      measure(alive ? 'answered' : 'not answered');
      expect([first, alive]).toEqual([true, true]);
    },
  );

  row(
    'a document with a mistake ends its operation alone',
    {
      done: 'a syntax error, an unknown field, an unknown operation name, and then a query',
      expected: 'three `error` messages without a `complete`; the query is answered',
    },
    async (measure) => {
      const socket = await openSocket(await start());
      socket.send(subscribe('{', 'a'), subscribe('{ nope }', 'b'), {
        id: 'c',
        type: 'subscribe',
        payload: { query: 'query A { __typename }', operationName: 'B' },
      });
      const frames = [await socket.next(), await socket.next(), await socket.next()];
      const alive = await isAlive(socket);
      measure(`${frames.map(({ id, type }) => `${id}: ${type}`).join(', ')}; ${alive ? 'answered' : 'not answered'}`);
      expect(frames.map(({ id, type }) => [id, type]).toSorted()).toEqual(['a', 'b', 'c'].map((id) => [id, 'error']));
      expect(alive).toBe(true);
    },
  );

  row(
    'nothing is said of an operation after its client’s `complete`',
    {
      done: 'a chat and a whole answer, both completed while their provider works',
      expected: 'no message for them afterwards; the next query is answered',
    },
    async (measure) => {
      const socket = await openSocket(await start());
      socket.send(subscribe(CHAT, 'chat'), subscribe(COMPLETE, 'whole'));
      for (let frame = 0; frame < 2; frame++) await socket.next();
      socket.send({ id: 'chat', type: 'complete' }, { id: 'whole', type: 'complete' });
      const alive = await isAlive(socket);
      await new Promise((resolve) => setTimeout(resolve, 100)); // For what must not come.
      measure(`${socket.received.length} messages`);
      expect(alive).toBe(true);
      expect(socket.received).toEqual([]);
    },
  );

  row(
    'an operation ends with one `complete`, and messages of several bear their ids',
    { done: '50 chats on one socket', expected: 'for each id: `next` messages and then one `complete`' },
    async (measure) => {
      const words = scriptedProvider(async function* () {
        for (let word = 0; word < 5; word++) {
          await new Promise((resolve) => setTimeout(resolve, 2));
          yield text(`${word} `);
        }
        yield finish();
      });
      const server = await startServer({ providers: [words], config: { defaults: { chat: 'scripted/model' } } });
      const { send, next } = await openSocket(server);
      const ids = Array.from({ length: 50 }, (_, at) => `chat-${at}`);
      send(...ids.map((id) => subscribe(CHAT, id)));
      const types = new Map(ids.map((id) => [id, [] as string[]]));
      for (let ended = 0; ended < ids.length; ) {
        const { id = '', type } = await next();
        types.get(id)?.push(type);
        if (type === 'complete') ended++;
      }
      measure(`${ids.length} chats, ${[...types.values()].flat().length} messages`);
      for (const [id, told] of types) expect(told.indexOf('complete'), id).toBe(told.length - 1);
    },
  );
});
