import { GraphQLError } from 'graphql';
import { type FailureCode, ProviderError } from '../providers/errors.ts';
import { type ListedModel, type Model, toListed } from './model.ts';

/** One try of one model that came to nothing. */
export interface Attempt {
  readonly model: ListedModel;
  readonly code: FailureCode;
  readonly message: string;
  /** How long the upstream asks to wait; null where it does not say. */
  readonly retryAfterMs: number | null;
  readonly durationMs: number;
}

/** Why there is no answer: the last attempt's reason, and all the attempts. */
export interface Failure {
  readonly code: FailureCode;
  readonly message: string;
  readonly retryable: boolean;
  /** How long the upstream asks to wait; null where it does not say. */
  readonly retryAfterMs: number | null;
  readonly attempts: readonly Attempt[];
}

/**
 * Writes a bug down where we see it, and returns the id under which it is found there.
 * @param requestId of the request that it happened in
 */
export type ReportBug = (error: unknown, requestId?: string) => string;

export function toFailure(error: ProviderError, attempts: readonly Attempt[]): Failure {
  const { code, message, retryable } = error;
  return { code, message, retryable, retryAfterMs: retryAfterOf(error), attempts };
}

export function toAttempt(error: ProviderError, model: Model, begin: number): Attempt {
  const { code, message } = error;
  const durationMs = Math.round(performance.now() - begin);
  return { model: toListed(model), code, message, retryAfterMs: retryAfterOf(error), durationMs };
}

/** GraphQL's Int holds no more. */
const MAX_MS = 2 ** 31 - 1;

function retryAfterOf({ retryAfterMs }: ProviderError): number | null {
  return retryAfterMs === undefined ? null : Math.min(Math.round(retryAfterMs), MAX_MS);
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

/** What a signal's reason is to a caller for whom nothing has begun: a stop of the server is an error of the request. */
export function toMistake(reason: unknown): unknown {
  if (!(reason instanceof ProviderError)) return reason;
  return new GraphQLError(reason.message, { extensions: { code: reason.code } });
}
