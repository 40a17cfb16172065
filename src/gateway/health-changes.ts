import type { Provider } from '../providers/provider.ts';

/** Tells of providers whose health has changed, to everyone who listens. */
export interface HealthChanges {
  changed(provider: Provider): void;
  /** The providers as they change. A reader that is behind gets each of them once, with all its changes. */
  listen(signal: AbortSignal): AsyncIterableIterator<Provider, void, void>;
  /** Ends everyone's listening. */
  stop(): void;
}

export function createHealthChanges(): HealthChanges {
  const readers = new Map<(provider: Provider) => void, () => void>();

  return {
    changed(provider) {
      for (const tell of readers.keys()) tell(provider);
    },
    stop() {
      for (const end of readers.values()) end();
    },
    listen(signal) {
      const waiting = new Set<Provider>();
      let wake: (() => void) | undefined;
      const tell = (provider: Provider) => {
        waiting.add(provider);
        wake?.();
      };
      const end = () => {
        readers.delete(tell);
        signal.removeEventListener('abort', end);
        wake?.();
      };
      readers.set(tell, end);
      signal.addEventListener('abort', end, { once: true });
      if (signal.aborted) end();

      return {
        async next() {
          while (waiting.size === 0 && readers.has(tell)) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          }
          const [provider] = waiting;
          if (!provider || !readers.has(tell)) return { done: true, value: undefined };
          waiting.delete(provider);
          return { done: false, value: provider };
        },
        async return() {
          end();
          return { done: true, value: undefined };
        },
        [Symbol.asyncIterator]() {
          return this;
        },
      };
    },
  };
}
