import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import { overPost, type Result, readSse } from '../helpers/clients.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { latency } from '../helpers/latency.ts';
import { chat } from '../helpers/leavers.ts';
import { openSocket as openTcp } from '../helpers/raw-http.ts';
import { openSilently, openSocket } from '../helpers/raw-socket.ts';
import { type MeasuredServer, runMeasured } from '../helpers/server-process.ts';
import { expectWithin, inMs, isWhole, percentile, row } from './row.ts';

const LIMIT = isWhole ? 100 : 20;
const WORDS = isWhole ? 200 : 80;
const PACE_MS = 20;

/** A server before an upstream that says so many words at a pace. */
async function start(limits: object) {
  const upstream = await startFakeUpstream(async ({ begin, send, end, closed }) => {
    let isGone = false;
    void closed.then(() => {
      isGone = true;
    });
    await begin();
    for (let word = 0; word < WORDS && !isGone; word++) {
      await send(`data: word${word} \n`);
      await wait(PACE_MS);
    }
    end();
  });
  const server = await runMeasured({ providers: { aichats: { baseUrl: upstream.url } }, limits });
  await latency(server);
  return { upstream, server };
}

interface Served {
  readonly end: string;
  readonly firstMs: number;
  readonly totalMs: number;
}

/** One chat, to its end: how it ended, and when its first word came. */
async function ask(server: MeasuredServer): Promise<Served> {
  const begun = performance.now();
  let firstMs = Number.NaN;
  let end = 'nothing';
  try {
    for await (const { data, errors } of readSse(server as never, chat('aichats')) as AsyncIterable<Result>) {
      const { __typename: type } = (data?.chat ?? {}) as { __typename?: string };
      if (type === 'ChatDelta' && Number.isNaN(firstMs)) firstMs = performance.now() - begun;
      end = String(errors?.[0]?.extensions?.code ?? type);
    }
  } catch (error) {
    end = (error as Error).message;
  }
  return { end, firstMs, totalMs: performance.now() - begun };
}

/** How many milliseconds later than it should a chat came to its end. */
const latenessOf = ({ totalMs }: Served) => totalMs - WORDS * PACE_MS;

const tally = (values: readonly unknown[]) =>
  [...Map.groupBy(values, String)].map(([value, all]) => `${all.length} ${value}`).join(', ');

/** Until a chat runs to its end again. */
async function recover(server: MeasuredServer): Promise<number> {
  const begun = performance.now();
  for (;;) {
    const answered = await latency(server).catch(() => undefined);
    if (answered !== undefined) return performance.now() - begun;
    if (performance.now() - begun > 30_000) throw new Error('expected a recovery');
    await wait(20);
  }
}

describe('Load', () => {
  row(
    'more chats than may run are refused, and those that run keep their pace',
    {
      done: `${LIMIT} chats of ${WORDS} words at ${PACE_MS} ms (\`maxStreams\` ${LIMIT}), then the same with ${9 * LIMIT} more that come all at once`,
      expected:
        'all of the first end in ChatFinished, at most 1 s later (95th percentile) than without the others; the others get RATE_LIMITED; a new chat runs within 5 s after that',
    },
    async (measure) => {
      const { upstream, server } = await start({ maxStreams: LIMIT });
      const calm = await Promise.all(Array.from({ length: LIMIT }, () => ask(server)));
      const calls = upstream.exchanges.length;
      const first = Array.from({ length: LIMIT }, () => ask(server));
      await upstream.exchange(calls + LIMIT - 1);
      const others = await Promise.all(Array.from({ length: 9 * LIMIT }, () => ask(server)));
      const busy = await Promise.all(first);
      const recoveredMs = await recover(server);
      const again = await ask(server);
      const p95 = (served: readonly Served[]) => percentile(served.map(latenessOf), 95);
      measure(
        `${tally(busy.map(({ end }) => end))}, ended ${inMs(p95(busy) - p95(calm))} later (p95); others: ${tally(others.map(({ end }) => end))}; ${again.end} after ${inMs(recoveredMs)}`,
      );
      expect(new Set(busy.map(({ end }) => end))).toEqual(new Set(['ChatFinished']));
      expect(new Set(others.map(({ end }) => end))).toEqual(new Set(['RATE_LIMITED']));
      expectWithin(p95(busy) - p95(calm), 1000);
      expect(again.end).toBe('ChatFinished');
      expectWithin(recoveredMs, 5000);
      expect(upstream.exchanges).toHaveLength(calls + LIMIT + 1);
      expect(server.errors()).toEqual([]);
    },
  );

  row(
    'more connections than may be are refused, and those that are there go on',
    {
      done: `\`maxConnections\` ${LIMIT}: ${LIMIT / 2} WebSockets with a chat, ${LIMIT / 2} idle connections, then ${5 * LIMIT} requests and ${4 * LIMIT} WebSockets`,
      expected:
        'the chats end in ChatFinished; the others get 503 and 1013, or no connection; the next request is answered within 5 s after they left',
    },
    async (measure) => {
      const { server } = await start({ maxConnections: LIMIT });
      const chats = await Promise.all(
        Array.from({ length: LIMIT / 2 }, async () => {
          const { send, next, socket } = await openSocket(server);
          send({ id: '1', type: 'subscribe', payload: chat('aichats') });
          await next();
          return { next, socket };
        }),
      );
      const idle = await Promise.all(Array.from({ length: LIMIT / 2 }, () => openTcp(server.url)));
      const post = () =>
        latency(server).then(
          () => 'answered',
          (error: Error) => /\d{3}/.exec(error.message)?.[0] ?? 'no connection',
        );
      const requests = await Promise.all(Array.from({ length: 5 * LIMIT }, post));
      const sockets = await Promise.all(
        Array.from({ length: 4 * LIMIT }, async () => {
          const { closed } = await openSilently(server);
          const { code } = await closed;
          return code === 1013 ? '1013' : 'no connection';
        }),
      );
      const ends = await Promise.all(
        chats.map(async ({ next, socket }) => {
          let last: unknown;
          for (let frame = await next(); frame.type === 'next'; frame = await next()) {
            last = (frame.payload as { data: { chat: { __typename: string } } }).data.chat.__typename;
          }
          socket.close();
          return last;
        }),
      );
      for (const socket of idle) socket.destroy();
      const recoveredMs = await recover(server);
      measure(
        `${tally(ends)}; requests: ${tally(requests)}; WebSockets: ${tally(sockets)}; answered ${inMs(recoveredMs)} after`,
      );
      expect(new Set(ends)).toEqual(new Set(['ChatFinished']));
      expect(requests).not.toContain('answered');
      expect(requests).toContain('503');
      expect(sockets).toContain('1013');
      expectWithin(recoveredMs, 5000);
      expect(server.errors()).toEqual([]);
    },
  );

  row(
    'more requests than a minute may have are refused, with when to come again',
    {
      done: `${10 * LIMIT} queries of one address, ${LIMIT} a minute allowed (\`requestsPerMinute\`)`,
      expected: `${LIMIT} are answered, the others get RATE_LIMITED with \`retryAfter\`; a refusal takes no longer than an answer`,
    },
    async (measure) => {
      const { server } = await start({ requestsPerMinute: LIMIT + 1 });
      const results = await Promise.all(
        Array.from({ length: 10 * LIMIT }, () => overPost(server as never, { query: '{ __typename }' })),
      );
      const ends = results.map(([result]) => String(result?.errors?.[0]?.extensions?.code ?? 'answered'));
      const waits = results.flatMap(([result]) => result?.errors?.[0]?.extensions?.retryAfter ?? []).map(Number);
      measure(`${tally(ends)}, \`retryAfter\` at most ${Math.max(...waits)} s`);
      expect(ends.filter((end) => end === 'answered')).toHaveLength(LIMIT);
      expect(ends.filter((end) => end === 'RATE_LIMITED')).toHaveLength(9 * LIMIT);
      expect(Math.max(...waits)).toBeLessThanOrEqual(60);
    },
  );
});
