import * as fc from 'fast-check';
import { describe, expect } from 'vitest';
import { openSocket } from '../helpers/raw-socket.ts';
import { runMeasured } from '../helpers/server-process.ts';
import { body, frame } from './random-requests.ts';
import { isWhole, row } from './row.ts';

const CASES = isWhole ? 50_000 : 1000;
const SEED = 20_261_102;
const NO_PAUSES = { providers: { local: { wordDelayMs: 0 } } };

describe('Random requests', () => {
  row(
    'no JSON makes a 500, over POST',
    {
      done: `${CASES} random bodies (seed ${SEED}): any JSON, and requests and inputs that are right or nearly right`,
      expected: 'an answer with a status below 500 to each, and no error in the log',
      timeoutMs: 175_000,
    },
    async (measure) => {
      const server = await runMeasured(NO_PAUSES);
      const statuses: Record<number, number> = {};
      const headers = { 'content-type': 'application/json' };
      await inTens(fc.sample(body, { numRuns: CASES, seed: SEED }), async (body) => {
        const response = await fetch(server.url, { method: 'POST', headers, body });
        const text = await response.text();
        statuses[response.status] = (statuses[response.status] ?? 0) + 1;
        if (response.status >= 500 || text.includes('INTERNAL_SERVER_ERROR')) throw new Error(`${text} for ${body}`);
      });
      measure(told(statuses));
      expect(server.errors()).toEqual([]);
    },
  );

  row(
    'no JSON makes an internal error, over WebSocket',
    {
      done: `${CASES} random messages (seed ${SEED}), on a new socket whenever one was closed for a mistake`,
      expected: 'close codes of the protocol for mistakes, an answer to a query after the others, no error in the log',
      timeoutMs: 175_000,
    },
    async (measure) => {
      const server = await runMeasured(NO_PAUSES);
      const ends: Record<string, number> = {};
      const frames = fc.sample(frame, { numRuns: CASES, seed: SEED });
      const groups = Array.from({ length: CASES / 20 }, (_, at) => frames.slice(at * 20, at * 20 + 20));
      await inTens(groups, async (group) => {
        const { socket, send, next, closed } = await openSocket(server);
        for (const text of group) socket.send(text);
        send({ id: 'last', type: 'subscribe', payload: { query: '{ __typename }' } });
        const answered = async () => {
          for (;;) if ((await next()).id === 'last') return 'answered';
        };
        const end = await Promise.race([closed.then(({ code }) => code), answered()]);
        ends[end] = (ends[end] ?? 0) + 1;
        socket.terminate();
        if (![4400, 4409, 'answered'].includes(end)) throw new Error(`closed with ${end} after ${group.join('\n')}`);
      });
      measure(told(ends));
      expect(ends.answered).toBeGreaterThan(groups.length / 2);
      expect(server.errors()).toEqual([]);
    },
  );
});

/** Ten at a time. */
async function inTens<T>(cases: readonly T[], run: (one: T) => Promise<void>): Promise<void> {
  const left = cases.values();
  await Promise.all(
    Array.from({ length: 10 }, async () => {
      for (const one of left) await run(one);
    }),
  );
}

const told = (counts: Readonly<Record<string, number>>) =>
  Object.entries(counts)
    .map(([what, count]) => `${count} × ${what}`)
    .join(', ');
