import type { Context } from '@opentelemetry/api';
import type { FinishReason, Usage } from '../providers/chat.ts';
import type { ProviderError } from '../providers/errors.ts';
import type { Model } from './model.ts';

/** Sees every call of a provider: its health, the metrics, the traces. */
export interface CallObserver {
  begin(call: ProviderCall): Observation;
}

export interface ProviderCall {
  readonly kind: 'CHAT' | 'IMAGE';
  readonly model: Model;
  /** Aborts when nobody waits for the answer any more, or the server stops. */
  readonly signal: AbortSignal;
  /** The trace that it is a part of. */
  readonly trace: Context;
}

/** What an answer came to. */
export interface CallOutcome {
  readonly reason: FinishReason;
  /** Null where the upstream tells none. */
  readonly usage: Usage | null;
}

/** What becomes of one call. */
export interface Observation {
  /** The first part of its answer is there. */
  firstPart(): void;
  /** One more part. Called for each token: it may add numbers, and nothing else. */
  part?(): void;
  succeeded(outcome: CallOutcome): void;
  failed(error: ProviderError): void;
  /** It is over, whatever came of it: nobody reads it any more, and its connection is closed or free. */
  end(): void;
}

/** Several see the same. */
export function observeBy(observers: readonly CallObserver[]): CallObserver {
  return {
    begin(call) {
      const seen = observers.map((observer) => observer.begin(call));
      const counting = seen.filter(({ part }) => part);
      return {
        firstPart() {
          for (const one of seen) one.firstPart();
        },
        ...(counting.length > 0 && {
          part() {
            for (const one of counting) one.part?.();
          },
        }),
        succeeded(outcome) {
          for (const one of seen) one.succeeded(outcome);
        },
        failed(error) {
          for (const one of seen) one.failed(error);
        },
        end() {
          for (const one of seen) one.end();
        },
      };
    },
  };
}
