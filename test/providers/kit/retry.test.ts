import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { ProviderError } from '../../../src/providers/errors.ts';
import { retryRateLimited } from '../../../src/providers/kit/retry.ts';

// Vitest's fake timers leave these alone.
vi.mock('node:timers/promises', async (importActual) => {
  const actual = await importActual<typeof import('node:timers/promises')>();
  return { ...actual, setTimeout: vi.fn(actual.setTimeout) };
});

const options = { attempts: 3, baseMs: 1000, signal: new AbortController().signal };
const refused = new ProviderError('RATE_LIMITED', 'too many', { status: 429 });

test.for([
  [undefined, [2_000, 4_000]],
  [0, [2_000, 4_000]],
  [3_000, [3_000, 4_000]],
  [29_000, [29_000, 29_000]],
  [3_600_000, [30_000, 30_000]],
] as const)('when the upstream asks for %s ms, pauses for %j, and a little more', async ([retryAfterMs, pauses]) => {
  const refused = new ProviderError('RATE_LIMITED', 'too many', { status: 429, retryAfterMs });
  const call = vi.fn(() => Promise.reject(refused));
  vi.mocked(sleep).mockReset().mockResolvedValue(undefined);
  onTestFinished(() => {
    vi.mocked(sleep).mockReset();
  });
  await expect(retryRateLimited(call, options)).rejects.toBe(refused);
  expect(call).toHaveBeenCalledTimes(3);
  const slept = vi.mocked(sleep).mock.calls.map(([ms]) => ms ?? 0);
  expect(slept).toHaveLength(pauses.length);
  for (const [at, pause] of pauses.entries()) {
    expect(slept[at]).toBeGreaterThanOrEqual(pause);
    expect(slept[at]).toBeLessThanOrEqual(Math.min(30_000, pause * 1.1));
  }
});

test('stops as soon as a call ends in another way', async () => {
  const call = vi.fn<() => Promise<string>>().mockRejectedValueOnce(refused).mockResolvedValueOnce('fine');
  await expect(retryRateLimited(call, { ...options, baseMs: 1 })).resolves.toBe('fine');
  for (const error of [new ProviderError('RATE_LIMITED', 'pay', { status: 402 }), new Error('a bug')]) {
    await expect(retryRateLimited(() => Promise.reject(error), options)).rejects.toBe(error);
  }
  expect(call).toHaveBeenCalledTimes(2);
});

test('rejects with the reason of the signal that aborts during a pause, before that is over', {
  timeout: 20_000,
}, async () => {
  const call = vi.fn(() => Promise.reject(refused));
  const controller = new AbortController();
  const reason = new Error('the caller left');
  const rejected = expect(
    retryRateLimited(call, { ...options, baseMs: 30_000, signal: controller.signal }),
  ).rejects.toBe(reason);
  await nextTurn();
  controller.abort(reason);
  await rejected;
  expect(call).toHaveBeenCalledTimes(1);
});
