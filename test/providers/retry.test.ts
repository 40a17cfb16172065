import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { ProviderError } from '../../src/providers/errors.ts';
import { retryRateLimited } from '../../src/providers/retry.ts';

// Vitest's fake timers leave these alone.
vi.mock('node:timers/promises', () => ({ setTimeout: vi.fn(() => Promise.resolve()) }));

const options = { attempts: 3, baseMs: 1000, signal: new AbortController().signal };

test.for([
  [undefined, [2_000, 4_000]],
  [0, [2_000, 4_000]],
  [3_000, [3_000, 4_000]],
  [29_000, [29_000, 29_000]],
  [3_600_000, [30_000, 30_000]],
] as const)('when the upstream asks for %s ms, pauses for %j', async ([retryAfterMs, pauses]) => {
  const refused = new ProviderError('RATE_LIMITED', 'too many', { status: 429, retryAfterMs });
  const call = vi.fn(() => Promise.reject(refused));
  vi.mocked(sleep).mockClear();
  await expect(retryRateLimited(call, options)).rejects.toBe(refused);
  expect(call).toHaveBeenCalledTimes(3);
  expect(vi.mocked(sleep).mock.calls.map(([ms]) => ms)).toEqual(pauses);
});

test('stops as soon as a call ends in another way', async () => {
  const refused = new ProviderError('RATE_LIMITED', 'too many', { status: 429 });
  const call = vi.fn<() => Promise<string>>().mockRejectedValueOnce(refused).mockResolvedValueOnce('fine');
  await expect(retryRateLimited(call, options)).resolves.toBe('fine');
  for (const error of [new ProviderError('RATE_LIMITED', 'pay', { status: 402 }), new Error('a bug')]) {
    await expect(retryRateLimited(() => Promise.reject(error), options)).rejects.toBe(error);
  }
  expect(call).toHaveBeenCalledTimes(2);
});
