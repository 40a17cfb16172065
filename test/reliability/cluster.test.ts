import { setTimeout as sleep } from 'node:timers/promises';
import { createClient } from 'graphql-ws';
import { describe, expect, onTestFinished } from 'vitest';
import { overPost } from '../helpers/clients.ts';
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
import { type StallingProxy, startStallingProxy } from '../helpers/stalling-proxy.ts';
import { expectWithin, inMs, isWhole, percentile, row } from './row.ts';

const LIMITS = { resumeGraceMs: 20_000, maxConnections: 10_000 };
const problemsOf = (all: readonly Heard[]) => [...new Set(all.flatMap(({ problems }) => problems))];

describe.skipIf(!HAS_REDIS)('Several nodes', () => {
  const CHATS = isWhole ? 200 : 40;
  const WORDS = isWhole ? 40 : 25;
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
      expectWithin(latest, 4000);
    },
  );

  const ASLEEP_MS = isWhole ? 10_000 : 4_000;
  row(
    'a node that was asleep says nothing more of what was closed meanwhile',
    {
      done: `SIGSTOP of a node with 10 chats for ${ASLEEP_MS} ms, and SIGCONT; half of their clients come back to the other two, the others stay; and some come to each node afterwards`,
      expected:
        'each ends in UNAVAILABLE, for all who come later too, and with the same text on every node; who stayed may have heard the last 20 ms beside',
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
      const stayed = heard.map((_, n) => readInPieces(sleeper, () => askFor(n)));
      await sleep(500);
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
      const here = await Promise.all(stayed);
      const later = await Promise.all(
        closed.flatMap((_, n) => nodes.map((node) => readInPieces(node, () => askFor(n)))),
      );
      measure(
        `${closed.filter(({ end }) => end?.code === 'UNAVAILABLE').length} closed; read again on each node, ${later.filter(({ end, text }, at) => end?.code === 'UNAVAILABLE' && text === later[at - (at % 3)]?.text).length} of ${later.length} the same`,
      );
      expect(problemsOf([...closed, ...later, ...here])).toEqual([]);
      for (const all of [here, closed]) {
        for (const [n, one] of all.entries()) {
          expect(one.end).toMatchObject({ code: 'UNAVAILABLE' });
          expectSameOrTail(n, one, later[3 * n]);
        }
      }
      for (const [at, { text, end }] of later.entries()) {
        expect({ text, code: end?.code }).toEqual({ text: later[at - (at % 3)]?.text, code: 'UNAVAILABLE' });
      }
      expect(await isReady(balancer)).toBe(true);
    },
  );

  row(
    'a Redis that is killed, and comes back empty, takes no chat along',
    {
      done: `${CHATS / 2} chats of ${WORDS} words over three nodes, each read on its own node and on another; after a quarter of them the Redis is killed, and started again, empty, a second later`,
      expected:
        'each ends whole for both of its readers; one call for each; a chat is joined on another node again afterwards',
    },
    async (measure) => {
      const upstream = await startNarrator(WORDS, 150);
      const { redis, nodes, balancer } = await startCluster({ upstream, limits: LIMITS });
      const count = CHATS / 2;
      const ofNode = (n: number) => nodes[n % 3] as { url: string };
      const ask = (n: number) => (after?: number) => askFor(n, after === undefined ? {} : { after });
      const own = Array.from({ length: count }, (_, n) => readInPieces(ofNode(n), ask(n)));
      await expect.poll(() => upstream.exchanges.length).toBe(count);
      const elsewhere = own.map((_, n) => readInPieces(ofNode(n + 1), ask(n)));
      await sleep(WORDS * 40);
      await redis.kill();
      await sleep(1000);
      await redis.start();
      const startedAt = performance.now();
      for (const node of nodes) await expect.poll(() => isReady(node)).toBe(true);
      const readyMs = performance.now() - startedAt;
      const all = await Promise.all([...own, ...elsewhere]);
      const whole = all.filter(
        ({ text, end }, at) => text === textOf(at % count, WORDS) && end?.__typename === 'ChatFinished',
      );
      const late = await readInPieces(balancer, ask(1000), () => 3);
      measure(
        `${whole.length} of ${all.length} whole, ${upstream.exchanges.length - 1} calls, ${problemsOf(all).length} contradictions; ready again ${Math.round(readyMs)} ms after its return`,
      );
      expect(problemsOf([...all, late])).toEqual([]);
      expect(whole).toHaveLength(all.length);
      expect(late.text).toBe(textOf(1000, WORDS));
      expect(upstream.exchanges).toHaveLength(count + 1);
      expectWithin(readyMs, 2000);
      expect(nodes.flatMap((node) => node.errors())).toEqual([]);
    },
  );

  row(
    'a node that slept for longer than chats are kept does not tell them to their end',
    {
      done: `the same with 5 chats and a \`resumeGraceMs\` of 1 s, so that they are forgotten when it wakes after ${ASLEEP_MS} ms; their readers there stay`,
      expected: 'UNAVAILABLE for all readers, wherever they are, with the same text but for its last 20 ms',
    },
    async (measure) => {
      const upstream = await startNarrator(400, 50);
      const { nodes } = await startCluster({ upstream, limits: { ...LIMITS, resumeGraceMs: 1_000 } });
      const [sleeper, other] = nodes;
      if (!sleeper || !other) throw new Error('expected nodes');
      const read = (node: { url: string }) => Array.from({ length: 5 }, (_, n) => readInPieces(node, () => askFor(n)));
      const here = read(sleeper);
      await expect.poll(() => upstream.exchanges.length).toBe(5);
      const there = read(other);
      await sleep(1000);
      sleeper.child.kill('SIGSTOP');
      await sleep(ASLEEP_MS);
      sleeper.child.kill('SIGCONT');
      const all = await Promise.all([...here, ...there]);
      measure(`${all.filter(({ end }) => end?.code === 'UNAVAILABLE').length} of ${all.length} UNAVAILABLE`);
      expect(problemsOf(all)).toEqual([]);
      for (const { end } of all) expect(end).toMatchObject({ code: 'UNAVAILABLE' });
      for (let n = 0; n < 5; n++) expectSameOrTail(n, all[n], all[n + 5]);
    },
  );

  const CUT_OFF_MS = isWhole ? 6_000 : 4_000;
  const LONG = isWhole ? 90 : 60;
  row(
    'a node that is cut off from the Redis goes on for those who read there',
    {
      done: `the way from one node to the Redis stalls for ${CUT_OFF_MS} ms with 20 chats of its own, half of them followed on another node; then it heals`,
      expected:
        'those that nobody follows are whole, read on their node and afterwards elsewhere; those that were followed end there in UNAVAILABLE, and so on their own node if they still run; no chat is without an end',
    },
    async (measure) => {
      const upstream = await startNarrator(LONG, 100);
      let proxy: StallingProxy | undefined;
      const { nodes } = await startCluster({
        upstream,
        limits: LIMITS,
        async through(redis, node) {
          if (node !== 0) return redis.url;
          proxy = await startStallingProxy(redis.port);
          return `redis://127.0.0.1:${proxy.port}`;
        },
      });
      const [cutOff, other] = nodes;
      if (!cutOff || !other) throw new Error('expected nodes');
      const ask = (n: number) => (after?: number) => askFor(n, after === undefined ? {} : { after });
      const own = Array.from({ length: 20 }, (_, n) => readInPieces(cutOff, ask(n)));
      await expect.poll(() => upstream.exchanges.length).toBe(20);
      const followed = Array.from({ length: 10 }, (_, n) => readInPieces(other, ask(n)));
      await sleep(1000);
      proxy?.stall();
      await sleep(CUT_OFF_MS);
      proxy?.heal();
      const [here, there] = await Promise.all([Promise.all(own), Promise.all(followed)]);
      const later = await Promise.all(here.slice(10).map((_, n) => readInPieces(other, ask(n + 10))));
      const isWholeText = ({ text, end }: Heard, n: number) =>
        text === textOf(n, LONG) && end?.__typename === 'ChatFinished';
      measure(
        `alone: ${here.slice(10).filter((one, n) => isWholeText(one, n + 10)).length} of 10 whole, ${later.filter((one, n) => isWholeText(one, n + 10)).length} of 10 elsewhere afterwards; followed: ${there.filter(({ end }) => end?.code === 'UNAVAILABLE').length} UNAVAILABLE there, ${here.slice(0, 10).filter(({ end }) => end?.code === 'UNAVAILABLE').length} here`,
      );
      expect(problemsOf([...here, ...there, ...later])).toEqual([]);
      for (const one of there) expect(one.end).toMatchObject({ code: 'UNAVAILABLE' });
      for (const one of here.slice(0, 10)) expect(one.end).toMatchObject({ code: 'UNAVAILABLE' });
      for (const all of [here.slice(10), later])
        for (const [n, one] of all.entries()) expect(isWholeText(one, n + 10)).toBe(true);
      await upstream.allClosed();
    },
  );

  const OPEN = isWhole ? 300 : 60;
  row(
    'a chat is let go of from another node',
    {
      done: `${OPEN} chats that wait for their next word; a third is ended by cancelChat on another node, a third by the last reader, on another node, who unsubscribes; the others go on`,
      expected: 'the upstream is closed 200 ms later at the most (p99), and the others stay open',
    },
    async (measure) => {
      const upstream = await startNarrator(2, 600_000);
      const { nodes } = await startCluster({ upstream, limits: LIMITS });
      const [one, two] = nodes;
      if (!one || !two) throw new Error('expected nodes');
      const first = Array.from({ length: OPEN }, (_, n) => openOn(one, n));
      for (const reading of first) await reading.begun;
      const calls = new Map(upstream.exchanges.map((exchange) => [numberOf(exchange), exchange]));
      const took: number[] = [];
      const letGo = async (n: number, how: () => unknown) => {
        const at = performance.now();
        await how();
        took.push(((await calls.get(n)?.closed) ?? Number.NaN) - at);
      };
      for (let n = 0; n < OPEN; n += 3) {
        await letGo(n, () => overPost(two as never, { query: `mutation { cancelChat(id: "chat-${n}") }` }));
        const reading = openOn(two, n + 1);
        await reading.begun;
        await first[n + 1]?.leave(); // Its own node has nobody left.
        await letGo(n + 1, reading.leave);
      }
      const p99 = percentile(took, 99);
      measure(`p50 ${inMs(percentile(took, 50))}, p99 ${inMs(p99)} of ${took.length}; ${upstream.openSockets} open`);
      expect(took).toHaveLength((OPEN / 3) * 2);
      expect(upstream.openSockets).toBe(OPEN / 3);
      expectWithin(p99, 200);
    },
  );
});

/** Readers at the writer's own node may have heard what it said in its last 20 ms, which nobody else has. */
function expectSameOrTail(n: number, here: Heard | undefined, there: Heard | undefined): void {
  const tail = here?.text.slice(there?.text.length) ?? '';
  expect(here?.text.startsWith(there?.text ?? ' ')).toBe(true);
  expect(textOf(n, 400).startsWith(here?.text ?? ' ')).toBe(true);
  expect(tail.split(' ').length).toBeLessThan(5);
}

/** A chat over a WebSocket of its own, with what unsubscribes from it. */
function openOn({ webSocketUrl }: { readonly webSocketUrl: string }, n: number) {
  const client = createClient({ url: webSocketUrl, retryAttempts: 0 });
  onTestFinished(() => client.dispose());
  const begun = Promise.withResolvers<void>();
  const leave = client.subscribe(askFor(n), { next: () => begun.resolve(), error: begun.reject, complete() {} });
  return { begun: begun.promise, leave };
}
