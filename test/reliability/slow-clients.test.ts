import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { flood, type Unread, unreadOverSse, unreadOverWebSocket } from '../helpers/flood.ts';
import { latency } from '../helpers/latency.ts';
import { chat } from '../helpers/leavers.ts';
import { openSocket as openTcp, readAll } from '../helpers/raw-http.ts';
import { openSocket, type RawSocket } from '../helpers/raw-socket.ts';
import { type MeasuredServer, runMeasured } from '../helpers/server-process.ts';
import { startTricklingProxy } from '../helpers/trickling-proxy.ts';
import { expectWithin, inMb, inMs, isWhole, percentile, row } from './row.ts';

const CLIENTS = isWhole ? 20 : 8;
const SLOW_MS = isWhole ? 1500 : 600;
const KEEP_ALIVE_MS = isWhole ? 400 : 2000;
const REQUEST_MS = isWhole ? 1000 : 400;

const memoryOf = async (server: MeasuredServer) => {
  const { heapBytes, externalBytes } = await server.measure();
  return heapBytes + externalBytes;
};

const behind = ({ url, webSocketUrl }: MeasuredServer, port: number) => {
  const through = (address: string) => Object.assign(new URL(address), { port }).href;
  return { url: through(url), webSocketUrl: through(webSocketUrl) };
};

/** Clients for whom an endless answer waits: what each of them costs, and how long they are kept. */
async function keepWaiting(connect: Unread, { trickling }: { trickling: boolean }) {
  const source = flood();
  const upstream = await startFakeUpstream(source.play);
  const server = await runMeasured({
    providers: { aichats: { baseUrl: upstream.url } },
    limits: { slowReaderTimeoutMs: SLOW_MS, maxAnswerBytes: 1_000_000_000_000, keepAliveMs: 60_000 },
  });
  const port = trickling ? await startTricklingProxy(server.port, { freeBytes: 1000, pauseMs: 1000 }) : server.port;
  await latency(server);
  const before = await memoryOf(server);
  const begun = performance.now();
  for (let client = 0; client < CLIENTS; client++) connect(behind(server, port), chat('aichats'));
  await upstream.exchange(CLIENTS - 1);
  await wait(SLOW_MS / 2);
  const each = ((await memoryOf(server)) - before) / CLIENTS;
  await upstream.allClosed();
  return { each, keptMs: performance.now() - begun, server };
}

const PINGS = 200_000;
const PING = JSON.stringify({ type: 'ping', payload: { a: 'x'.repeat(100) } });

interface Flood {
  readonly what: string;
  readonly send: (socket: RawSocket['socket']) => void;
}

describe('Slow and hostile clients', () => {
  for (const [way, connect] of [
    ['SSE', unreadOverSse],
    ['WebSocket', unreadOverWebSocket],
  ] as const) {
    for (const [what, trickling] of [
      ['does not read', false],
      ['reads a byte a second', true],
    ] as const) {
      row(
        `a client over ${way} that ${what} costs little, and is let go`,
        {
          done: `${CLIENTS} clients for whom an endless answer waits, \`slowReaderTimeoutMs\` ${SLOW_MS}`,
          expected:
            'less than 6 MB of heap and buffers each; let go within twice the time and 3 s; no error in the log',
          isLong: trickling,
        },
        async (measure) => {
          const { each, keptMs, server } = await keepWaiting(connect, { trickling });
          measure(`${inMb(each)} each; all let go after ${inMs(keptMs)}`);
          expect(each).toBeLessThan(6_000_000);
          expectWithin(keptMs, 2 * SLOW_MS + 3000);
          expect(server.errors()).toEqual([]);
        },
      );
    }
  }

  for (const [what, pieces] of [
    ['that says nothing', []],
    ['that sends the head of its request a byte at a time', 'POST /graphql HTTP/1.1\r\nhost: localhost\r\nx-a: b'],
    [
      'that sends its body a byte at a time',
      [
        'POST /graphql HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n',
        ...'{"query":"{__typename __typename __typename',
      ],
    ],
  ] as const) {
    row(
      `a TCP connection ${what} is closed`,
      {
        done: `a byte every 100 ms at most, \`requestTimeoutMs\` ${REQUEST_MS}`,
        expected: 'closed within twice the time',
        isLong: true,
      },
      async (measure) => {
        const server = await runMeasured({ limits: { requestTimeoutMs: REQUEST_MS } });
        const begun = performance.now();
        const socket = await openTcp(server.url);
        const closed = readAll(socket);
        void (async () => {
          for (const piece of pieces) {
            if (socket.destroyed) return;
            socket.write(piece);
            await wait(100);
          }
        })();
        const received = await closed;
        const ms = performance.now() - begun;
        measure(`${/^HTTP\/1\.1 \d+/.exec(received)?.[0] ?? 'no answer'}, closed after ${inMs(ms)}`);
        expectWithin(ms, 2 * REQUEST_MS + 500);
        expect(server.errors()).toEqual([]);
      },
    );
  }

  row(
    'a WebSocket that answers no ping is closed',
    {
      done: `initialised, then silent, \`keepAliveMs\` ${KEEP_ALIVE_MS}; as half-open TCP looks from the server`,
      expected: 'closed within three times that, and its chat let go',
    },
    async (measure) => {
      const upstream = await startFakeUpstream(async ({ begin, send }) => {
        await begin();
        await send('data: Hello\n');
      });
      const server = await runMeasured({
        providers: { aichats: { baseUrl: upstream.url } },
        limits: { keepAliveMs: KEEP_ALIVE_MS },
      });
      const { send, next } = await openSocket(server, { autoPong: false });
      send({ id: '1', type: 'subscribe', payload: chat('aichats') });
      await next();
      const silent = performance.now();
      await upstream.allClosed();
      const ms = performance.now() - silent;
      measure(`after ${inMs(ms)}`);
      expectWithin(ms, 3 * KEEP_ALIVE_MS);
      expect(server.errors()).toEqual([]);
    },
  );

  const floods: readonly Flood[] = [
    { what: 'pings of WebSocket', send: (socket) => socket.ping(Buffer.alloc(120)) },
    { what: 'pings of GraphQL', send: (socket) => socket.send(PING) },
  ];
  for (const { what, send } of floods) {
    row(
      `a flood of ${what} whose answers are not read costs little, and holds nobody up`,
      {
        done: `${PINGS} of them, as fast as they are taken, for 5 s at most`,
        expected:
          'less than 10 MB of heap and buffers; the flooder is held up or let go; queries of others within 250 ms',
      },
      async (measure) => {
        const server = await runMeasured({});
        await latency(server);
        const before = await memoryOf(server);
        const { socket } = await openSocket(server);
        socket.pause();
        const begun = performance.now();
        let sent = 0;
        const times: number[] = [];
        let most = 0;
        let isKept = true;
        while (isKept && sent < PINGS && performance.now() - begun < 5000) {
          for (let ping = 0; ping < 5000 && socket.bufferedAmount < 1_000_000; ping++, sent++) send(socket);
          times.push(await latency(server));
          const { heapBytes, externalBytes, sockets } = await server.measure();
          most = Math.max(most, heapBytes + externalBytes - before);
          isKept = sockets > 0;
        }
        measure(
          `${sent} sent, ${isKept ? 'kept' : 'let go'}; ${inMb(most)}; queries of others at most ${inMs(Math.max(...times))}`,
        );
        expect(most).toBeLessThan(10_000_000);
        expectWithin(percentile(times, 90), 250);
        expect(server.errors()).toEqual([]);
      },
    );
  }

  row(
    'a client that has fallen behind may leave one stream, and keeps its socket',
    {
      done: 'an endless answer that is not read for a second, then its `complete`; it is read again, and a query follows on the same socket',
      expected: 'the upstream is let go of within 100 ms; the query is answered',
    },
    async (measure) => {
      const upstream = await startFakeUpstream(flood().play);
      const limits = { maxAnswerBytes: 1_000_000_000_000 };
      const server = await runMeasured({ providers: { aichats: { baseUrl: upstream.url } }, limits });
      const { socket, send, next, closed } = await openSocket(server);
      send({ id: 'flood', type: 'subscribe', payload: chat('aichats') });
      await next();
      socket.pause();
      await wait(1000);
      const left = performance.now();
      send({ id: 'flood', type: 'complete' });
      const ms = (await (await upstream.exchange()).closed) - left;
      socket.resume();
      await wait(500); // It reads what it was behind.
      send({ id: 'query', type: 'subscribe', payload: { query: '{ __typename }' } });
      let answer = await Promise.race([next(), closed]);
      while ('type' in answer && answer.id !== 'query') answer = await Promise.race([next(), closed]);
      measure(`${inMs(ms)}; ${'type' in answer ? 'answered' : `closed with ${answer.code}`}`);
      expectWithin(ms, 100);
      expect(answer).toMatchObject({ payload: { data: { __typename: 'Query' } } });
    },
  );

  row(
    'a socket carries as many operations as it may, and no more',
    {
      done: '1,000 subscriptions on one socket (`maxStreamsPerConnection` 100), and a query of another client',
      expected: '100 run, 900 get `RATE_LIMITED`; the socket lives; all is free once it closes',
    },
    async (measure) => {
      const upstream = await startFakeUpstream(async ({ begin, send }) => {
        await begin();
        await send('data: Hello\n');
      });
      const server = await runMeasured({ providers: { aichats: { baseUrl: upstream.url } } });
      const before = await server.measure();
      const { socket, send, next, closed } = await openSocket(server);
      send(
        ...Array.from({ length: 1000 }, (_, at) => ({ id: String(at), type: 'subscribe', payload: chat('aichats') })),
      );
      const told = new Map<string, number>();
      const started = new Set<unknown>();
      for (let refused = 0; refused < 900 || started.size < 100; ) {
        const { id, type, payload } = await next();
        if (type === 'next') started.add(id);
        else refused++;
        const code =
          type === 'error' ? (payload as { extensions: { code: string } }[])[0]?.extensions.code : 'answered';
        told.set(String(code), (told.get(String(code)) ?? 0) + 1);
      }
      const other = await latency(server);
      socket.terminate();
      await closed;
      await upstream.allClosed();
      await expect.poll(async () => (await server.measure()).sockets).toBe(before.sockets);
      measure(`${started.size} run, ${told.get('RATE_LIMITED')} RATE_LIMITED; the query took ${inMs(other)}`);
      expect(upstream.exchanges).toHaveLength(100);
      expect(server.errors()).toEqual([]);
    },
  );
});
