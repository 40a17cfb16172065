import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect } from 'vitest';
import {
  askFor,
  type Heard,
  isReady,
  numberOf,
  readInPieces,
  startCluster,
  startNarrator,
  textOf,
} from '../helpers/cluster.ts';
import { HAS_REDIS } from '../helpers/redis.ts';
import { isWhole, row } from './row.ts';

const LIMITS = { resumeGraceMs: 20_000, maxConnections: 10_000 };
const problemsOf = (all: readonly Heard[]) => [...new Set(all.flatMap(({ problems }) => problems))];

describe.skipIf(!HAS_REDIS)('Several nodes', () => {
  const CHATS = isWhole ? 200 : 40;
  const WORDS = 40;
  row(
    'a chat goes on wherever its client comes back',
    {
      done: `${CHATS} chats of ${WORDS} words over three nodes, each client thrown off after 1 to 6 events and dealt to another node`,
      expected: 'each has its whole text and one end; one call of the upstream for each',
    },
    async (measure) => {
      const upstream = await startNarrator(WORDS, 100);
      const { balancer, nodes } = await startCluster({ upstream, limits: LIMITS });
      const all = await Promise.all(
        Array.from({ length: CHATS }, (_, n) =>
          readInPieces(
            balancer,
            (after) => askFor(n, after === undefined ? {} : { after }),
            () => 1 + Math.floor(Math.random() * 6),
          ),
        ),
      );
      const whole = all.filter(
        ({ text, end }, n) => text === textOf(n, WORDS) && end?.__typename === 'ChatFinished',
      ).length;
      measure(`${whole} whole, ${upstream.exchanges.length} calls, ${problemsOf(all).length} contradictions`);
      expect(problemsOf(all)).toEqual([]);
      expect(whole).toBe(CHATS);
      expect(upstream.exchanges).toHaveLength(CHATS);
      expect(nodes.flatMap((node) => node.errors())).toEqual([]);
    },
  );

  const OWN = isWhole ? 50 : 20;
  row(
    'a node that is killed takes nothing back',
    {
      done: `SIGKILL of a node with ${OWN} chats of its own, every other one with RESTART; their clients come back to the other two`,
      expected:
        'nothing that was told is contradicted; each ends within 4 s of the kill or, with RESTART, begins again then and is answered whole',
    },
    async (measure) => {
      const upstream = await startNarrator(WORDS, 100);
      const { balancer, nodes } = await startCluster({ upstream, limits: LIMITS });
      const [victim] = nodes;
      if (!victim) throw new Error('expected a node');
      const isRestarted = (n: number) => n % 2 === 1;
      const ask = (n: number) => (after?: number) =>
        askFor(n, { ...(after === undefined ? {} : { after }), ...(isRestarted(n) ? { onFailure: 'RESTART' } : {}) });
      const heard = Array.from(
        { length: OWN },
        (): Heard => ({ text: '', seq: -1, starts: 0, end: undefined, problems: [] }),
      );
      const first = heard.map((one, n) => readInPieces(victim, ask(n), () => 10, one).catch(() => {}));
      await expect.poll(() => heard.every(({ seq }) => seq >= 9)).toBe(true);
      victim.child.kill('SIGKILL');
      const killedAt = performance.now();
      void first;
      const texts = heard.map(({ text }) => text);
      const ends: number[] = [];
      await Promise.all(
        heard.map(async (_, n) => {
          const again: Heard = { ...(heard[n] as Heard), problems: [] };
          heard[n] = again;
          await readInPieces(balancer, ask(n), undefined, again);
          ends[n] = performance.now() - killedAt;
        }),
      );
      const failed = heard.filter((_, n) => !isRestarted(n));
      const restarted = heard.filter((_, n) => isRestarted(n));
      const latest = Math.max(...ends.filter((_, n) => !isRestarted(n)));
      const calls = upstream.exchanges.map(numberOf);
      measure(
        `${failed.filter(({ end }) => end?.code === 'UNAVAILABLE').length} UNAVAILABLE, the last after ${Math.round(latest)} ms; ${restarted.filter(({ end }) => end?.__typename === 'ChatFinished').length} answered whole by ${calls.length - OWN} calls more; ${problemsOf(heard).length} contradictions`,
      );
      expect(problemsOf(heard)).toEqual([]);
      for (const [n, { text, end, starts }] of heard.entries()) {
        if (isRestarted(n)) {
          expect({ text, type: end?.__typename, starts }).toEqual({
            text: textOf(n, WORDS),
            type: 'ChatFinished',
            starts: 2,
          });
        } else {
          expect(text.startsWith(texts[n] ?? '')).toBe(true);
          expect(textOf(n, WORDS).startsWith(text)).toBe(true);
          expect(end).toMatchObject({ __typename: 'ChatFailed', code: 'UNAVAILABLE' });
        }
      }
      if (isWhole) expect(latest).toBeLessThan(4000);
    },
  );

  const ASLEEP_MS = isWhole ? 10_000 : 4_000;
  row(
    'a node that was asleep says nothing more of what was closed meanwhile',
    {
      done: `SIGSTOP of a node with 10 chats for ${ASLEEP_MS} ms, and SIGCONT; their clients come back to the other two, and others to it afterwards`,
      expected: 'each ends in UNAVAILABLE, for all who come later too, and with the same text on every node',
    },
    async (measure) => {
      const upstream = await startNarrator(400, 50);
      const { balancer, nodes } = await startCluster({ upstream, limits: LIMITS });
      const [sleeper, ...others] = nodes;
      if (!sleeper) throw new Error('expected a node');
      const heard = await Promise.all(
        Array.from({ length: 10 }, async (_, n) => {
          const one: Heard = { text: '', seq: -1, starts: 0, end: undefined, problems: [] };
          void readInPieces(
            sleeper,
            (after) => askFor(n, after === undefined ? {} : { after }),
            () => 10,
            one,
          );
          await expect.poll(() => one.seq).toBeGreaterThanOrEqual(9);
          return one;
        }),
      );
      sleeper.child.kill('SIGSTOP');
      const again = heard.map((one, n) =>
        readInPieces(
          others[n % 2] as { url: string },
          (after) => askFor(n, after === undefined ? {} : { after }),
          undefined,
          { ...one, problems: [] },
        ),
      );
      await sleep(ASLEEP_MS);
      const closed = await Promise.all(again);
      sleeper.child.kill('SIGCONT');
      await sleep(1500);
      const later = await Promise.all(
        closed.flatMap((_, n) => nodes.map((node) => readInPieces(node, () => askFor(n)))),
      );
      measure(
        `${closed.filter(({ end }) => end?.code === 'UNAVAILABLE').length} closed; read again on each node, ${later.filter(({ end, text }, at) => end?.code === 'UNAVAILABLE' && text === closed[Math.floor(at / 3)]?.text).length} of ${later.length} the same`,
      );
      expect(problemsOf([...closed, ...later])).toEqual([]);
      for (const [at, { text, end }] of later.entries()) {
        expect({ text, code: end?.code }).toEqual({ text: closed[Math.floor(at / 3)]?.text, code: 'UNAVAILABLE' });
      }
      await upstream.allClosed;
      expect(await isReady(balancer)).toBe(true);
    },
  );
});
