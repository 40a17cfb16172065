import { getEventListeners } from 'node:events';
import { expect, test } from 'vitest';
import { createConcurrencyLimit } from '../../src/gateway/concurrency-limit.ts';

const { signal } = new AbortController();

test('lets everyone in where there is no limit', async () => {
  const admission = createConcurrencyLimit('Acme', { maxConcurrent: null, maxQueued: 0, queueTimeoutMs: 10 });
  await Promise.all(Array.from({ length: 100 }, () => admission.enter(signal)));
});

test('lets those who wait in, in their order, each time that a place is left', async () => {
  const admission = createConcurrencyLimit('Acme', { maxConcurrent: 2, maxQueued: 10, queueTimeoutMs: 5000 });
  const inside: number[] = [];
  const leaves: (() => void)[] = [];
  const enter = async (who: number) => {
    leaves[who] = await admission.enter(signal);
    inside.push(who);
  };
  const all = [0, 1, 2, 3, 4].map(enter);
  await Promise.all(all.slice(0, 2));
  expect(inside).toEqual([0, 1]);
  leaves[1]?.();
  leaves[0]?.();
  leaves[0]?.(); // Only the first time counts.
  await Promise.all(all.slice(0, 4));
  expect(inside).toEqual([0, 1, 2, 3]);
  leaves[2]?.();
  leaves[3]?.();
  await all[4];
  leaves[4]?.();
  await Promise.all([admission.enter(signal), admission.enter(signal)]);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});

test('turns away whom the line has no room for', async () => {
  const admission = createConcurrencyLimit('Acme', { maxConcurrent: 1, maxQueued: 1, queueTimeoutMs: 5000 });
  const leave = await admission.enter(signal);
  const waiting = admission.enter(signal);
  await expect(admission.enter(signal)).rejects.toMatchObject({ code: 'RATE_LIMITED', retryable: true });
  leave();
  (await waiting)();
});

test('sends away who waits too long, and gives the place to the next', async () => {
  const admission = createConcurrencyLimit('Acme', { maxConcurrent: 1, maxQueued: 9, queueTimeoutMs: 20 });
  const leave = await admission.enter(signal);
  await expect(admission.enter(signal)).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
  const next = admission.enter(signal);
  leave();
  (await next)();
  await admission.enter(signal);
});

test('forgets who leaves the line, at once', async () => {
  const admission = createConcurrencyLimit('Acme', { maxConcurrent: 1, maxQueued: 1, queueTimeoutMs: 5000 });
  const leave = await admission.enter(signal);
  const caller = new AbortController();
  const waiting = admission.enter(caller.signal);
  const reason = new Error('left');
  caller.abort(reason);
  const next = admission.enter(signal); // The line has room again.
  leave();
  await expect(waiting).rejects.toBe(reason);
  await next;
  await expect(admission.enter(AbortSignal.abort(reason))).rejects.toBe(reason);
});
