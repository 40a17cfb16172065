import { setTimeout as sleep } from 'node:timers/promises';
import type { ProviderError } from '../providers/errors.ts';
import { toPauseMs } from '../providers/kit/retry.ts';
import type { CallContext } from './caller.ts';
import { inOrder, isOvertaken } from './candidate-order.ts';
import { type Attempt, callerLeft, mayTryNext, toAttempt, toProviderError } from './failure.ts';
import { countAttempt } from './gateway-stats.ts';
import type { Model } from './model.ts';
import type { ProviderAccess } from './provider-access.ts';
import type { Candidates } from './registry.ts';

/** One try of one model, with a place at its provider. @throws what it came to nothing for */
export type Try<T> = (model: Model, access: ProviderAccess, attempts: readonly Attempt[]) => Promise<T>;

/** What came of it: the first result, or the last failure. */
export type Tried<T> =
  | { readonly result: T }
  | { readonly failure: ProviderError; readonly attempts: readonly Attempt[] };

/**
 * Tries models, in order, until one does what is asked. One that a provider may be asked again for is tried as often as
 * that is configured, before the next.
 * @param mayGoOn whether anything is to be tried after a failure
 * @throws the signal's reason when the caller has left
 */
export async function tryCandidates<T>(
  candidates: Candidates,
  { signal, reportBug, accessOf, stats }: CallContext,
  run: Try<T>,
  mayGoOn: () => boolean = () => true,
): Promise<Tried<T>> {
  const attempts: Attempt[] = [];
  const tries = new Map<Model, number>();
  const queue = inOrder(candidates, accessOf);
  let failure: ProviderError | undefined;

  for (let model = queue.shift(); model; model = queue.shift()) {
    const begin = performance.now();
    const access = accessOf(model.provider);
    let leave: (() => void) | undefined;
    try {
      leave = await access.enter(signal);
      if (isOvertaken(model, queue, accessOf)) {
        queue.push(model);
        continue;
      }
      const result = await run(model, access, attempts);
      countAttempt(stats, model.provider.id, 'OK');
      return { result };
    } catch (error) {
      if (callerLeft(signal)) {
        countAttempt(stats, model.provider.id, 'LEFT');
        throw signal.reason;
      }
      failure = toProviderError(error, reportBug);
      countAttempt(stats, model.provider.id, failure.code);
      attempts.push(toAttempt(failure, model, begin));
      if (signal.aborted || !mayGoOn() || !mayTryNext(failure)) break;
    } finally {
      leave?.();
    }
    const tried = (tries.get(model) ?? 0) + 1;
    tries.set(model, tried);
    if (failure.retryable && tried < access.attempts && (await pause(failure, tried, signal))) queue.unshift(model);
  }
  if (!failure) throw new Error('No model was tried');
  return { failure, attempts };
}

/** After the first failure; each one after it doubles the pause. */
const FIRST_PAUSE_MS = 500;

/** Waits before the same is tried again. False where that would take too long. */
async function pause({ retryAfterMs = 0 }: ProviderError, tried: number, signal: AbortSignal): Promise<boolean> {
  const pauseMs = toPauseMs(FIRST_PAUSE_MS * 2 ** (tried - 1), retryAfterMs);
  if (pauseMs < retryAfterMs) return false;
  await sleep(pauseMs, undefined, { signal }).catch(() => signal.throwIfAborted());
  return true;
}
