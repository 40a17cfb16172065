import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { describe, expect } from 'vitest';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { chat } from '../helpers/leavers.ts';
import type { Figures } from '../helpers/probe.ts';
import { openSocket } from '../helpers/raw-socket.ts';
import { type MeasuredServer, runMeasured } from '../helpers/server-process.ts';
import { inMb, isWhole, row } from './row.ts';

/** One chat, left after its first event. */
type Cycle = (server: MeasuredServer, round: number) => Promise<void>;

const overSse: Cycle = async ({ url }) => {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  const request = httpRequest(url, { method: 'POST', headers, agent: false });
  request.end(JSON.stringify(chat('aichats')));
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response, 'data');
  response.on('error', () => {}).destroy(); // It is the client that breaks off.
};

/** Every other socket is closed without a `complete`. */
const overWebSocket: Cycle = async (server, round) => {
  const { socket, send, next, closed } = await openSocket(server);
  send({ id: 'chat', type: 'subscribe', payload: chat('aichats') });
  await next();
  if (round % 2 === 0) {
    send({ id: 'chat', type: 'complete' });
    socket.close(1000);
  } else {
    socket.terminate();
  }
  await closed;
};

const CYCLES = isWhole ? 10_000 : 500;
/** Until everything is compiled and every pool is filled. */
const FIRST = isWhole ? 2000 : 300;
const AT_ONCE = 20;

describe('Leaving by the thousand', () => {
  for (const [way, cycle] of [
    ['SSE', overSse],
    ['WebSocket', overWebSocket],
  ] as const) {
    row(
      `chats that are left over ${way} leave nothing behind`,
      {
        done: `${CYCLES} times a chat begun and left after its first event, ${AT_ONCE} at a time, after ${FIRST} times more`,
        expected: 'sockets, file descriptors, timers and listeners as before; the heap within 5 %; no error in the log',
        timeoutMs: 170_000,
      },
      async (measure) => {
        const upstream = await startFakeUpstream(async ({ begin, send }) => {
          await begin();
          await send('data: Hello\n');
        });
        const server = await runMeasured({ providers: { aichats: { baseUrl: upstream.url } } });
        const ended = () => server.lines.filter((line) => line.includes('"operation"')).length;

        async function cycles(count: number): Promise<Figures> {
          const before = ended();
          for (let round = 0; round < count; round += AT_ONCE) {
            await Promise.all(Array.from({ length: AT_ONCE }, (_, at) => cycle(server, round + at)));
          }
          await expect.poll(ended, { timeout: 60_000 }).toBe(before + count);
          await expect.poll(() => upstream.openSockets).toBe(0);
          return server.measure();
        }

        const before = await cycles(FIRST);
        const after = await cycles(CYCLES);
        const growth = (after.heapBytes / before.heapBytes - 1) * 100;
        measure(
          `${after.sockets - before.sockets} sockets, ${after.timers - before.timers} timers, ${after.listeners - before.listeners} listeners more; heap ${inMb(before.heapBytes)}, then ${inMb(after.heapBytes)} (${growth.toFixed(1)} %); ${server.errors().length} errors`,
        );
        expect(server.errors()).toEqual([]);
        expect(server.warnings()).toBe('');
        for (const what of ['sockets', 'timers', 'listeners', 'fileDescriptors'] as const) {
          expect(after[what], what).toBe(before[what]);
        }
        expect(growth).toBeLessThan(5);
      },
    );
  }
});
