import { type FailureCode, ProviderError } from '../providers/errors.ts';
import type { Model } from './registry.ts';

/** One try of one model that came to nothing. */
export interface Attempt {
  readonly model: Model;
  readonly code: FailureCode;
  readonly message: string;
  readonly durationMs: number;
}

/** Why there is no answer: the last attempt's reason, and all the attempts. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly retryable: boolean;
  readonly attempts: readonly Attempt[];
}

/** Writes a bug down where we see it, and returns the id under which it is found there. */
export type ReportBug = (error: unknown) => string;

export function toFailure({ code, message, retryable }: ProviderError, attempts: readonly Attempt[]): Failure {
  return { code, message, retryable, attempts };
}

export function toAttempt({ code, message }: ProviderError, model: Model, begin: number): Attempt {
  return { model, code, message, durationMs: Math.round(performance.now() - begin) };
}

/** What a call ended in. A bug of ours ends it too, and says nothing of itself but where to find it. */
export function toProviderError(error: unknown, reportBug: ReportBug): ProviderError {
  if (error instanceof ProviderError) return error;
  return new ProviderError('UNAVAILABLE', `Unexpected error (${reportBug(error)})`, { cause: error });
}

/** Whether the next model is to be tried after this: not where the request itself is refused, and not when we stop. */
export function mayTryNext({ code }: ProviderError): boolean {
  return code !== 'REJECTED' && code !== 'SHUTTING_DOWN';
}

/** Whether the caller is gone, so that there is nobody to tell. A shutdown or a deadline aborts with a `ProviderError`. */
export function callerLeft(signal: AbortSignal): boolean {
  return signal.aborted && !(signal.reason instanceof ProviderError);
}
