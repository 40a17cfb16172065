import type { Context } from '@opentelemetry/api';
import type { ChatPart, ChatRequest, FinishReason, Usage } from '../providers/chat.ts';
import type { ProviderError } from '../providers/errors.ts';
import type { ImageRequest } from '../providers/provider.ts';
import type { Model } from './model.ts';

/** Sees every call of a provider: its health, the metrics, the traces. */
export interface CallObserver {
  begin(call: ProviderCall): Observation;
}

export type ProviderCall = CallBase &
  (
    | { readonly kind: 'CHAT'; readonly request: Omit<ChatRequest, 'model'> }
    | { readonly kind: 'IMAGE'; readonly request: Omit<ImageRequest, 'model'> }
  );

interface CallBase {
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
  /** The model that answered, in the upstream's words; absent where it does not say. */
  readonly model?: string;
}

/** What becomes of one call. */
export interface Observation {
  /** Runs what sends the request, within whatever of this has to be there then. Absent: nothing has to. */
  run?<T>(ask: () => T): T;
  /** The first part of its answer is there: of a chat this one. */
  firstPart(part?: ChatPart): void;
  /** One more part of what is said. Called for each token: it may add numbers, and nothing else. */
  part?(part: ChatPart): void;
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
      const running = seen.flatMap(({ run }) => run ?? []);
      return {
        firstPart(part) {
          for (const one of seen) one.firstPart(part);
        },
        ...(running.length > 0 && {
          run: <T>(ask: () => T) => running.reduce((inner: () => T, run) => () => run(inner), ask)(),
        }),
        ...(counting.length > 0 && {
          part(part) {
            for (const one of counting) one.part?.(part);
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

/**
 * The parts of an answer, asked for as the observation runs it. It is the first part whose asking sends the request; a
 * provider may be a generator, which runs in the context of whoever asks it, so that to begin it there is not enough.
 */
export function askWithin({ run }: Observation, ask: () => AsyncIterable<ChatPart>): AsyncIterable<ChatPart> {
  if (!run) return ask();
  const iterator = run(() => ask()[Symbol.asyncIterator]());
  let next = () => {
    next = () => iterator.next();
    return run(() => iterator.next());
  };
  const asked: AsyncIterator<ChatPart> = {
    next: () => next(),
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  };
  return { [Symbol.asyncIterator]: () => asked };
}
