import { setTimeout as sleep } from 'node:timers/promises';
import { ProviderError } from '../errors.ts';

export interface RetryOptions {
  /** How often the call is made at most. */
  readonly attempts: number;
  /** The first pause is twice this, and each one after it twice the last; `retry-after` counts where it is longer. */
  readonly baseMs: number;
  readonly signal: AbortSignal;
}

/** No upstream is waited for longer than this, whatever it asks for. */
const MAX_PAUSE_MS = 30_000;
/** A pause is longer by up to this part of it, so that those who were refused together do not come back together. */
const JITTER = 0.1;

/** Repeats a call that ends in a 429. @throws the last failure, or the signal's reason at once when that aborts. */
export async function retryRateLimited<T>(
  call: () => Promise<T>,
  { attempts, baseMs, signal }: RetryOptions,
): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof ProviderError) || error.status !== 429 || attempt === attempts) throw error;
      const pauseMs = toPauseMs(baseMs * 2 ** attempt, error.retryAfterMs);
      await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    }
  }
}

/** A pause of our own, or the one that an upstream asks for where that is longer; never longer than 30 s. */
export function toPauseMs(ms: number, retryAfterMs = 0): number {
  return Math.min(MAX_PAUSE_MS, Math.max(ms, retryAfterMs) * (1 + Math.random() * JITTER));
}
