/** An async iterator that is fed with what it hands on, as that arrives: everything that waits, each time. */
export interface Feed<T> extends AsyncIterableIterator<readonly T[], void, void> {
  /** False when nobody was waiting for it. */
  give(values: readonly T[]): boolean;
  /** Nothing is to come. What was given before still goes out; only the first end counts. */
  end(): void;
  fail(error: unknown): void;
}

interface FeedOptions {
  /** More is asked for. */
  onAsk(): void;
  /** The reader has left before the end. */
  onLeave(): void;
}

/** A generator would do the same for a few promises more each time, and that is for each token. */
export function createFeed<T>({ onAsk, onLeave }: FeedOptions): Feed<T> {
  let waiting: T[] = [];
  let asked: PromiseWithResolvers<IteratorResult<readonly T[], void>> | undefined;
  let over: { readonly error?: unknown } | undefined;

  function finish(how: { readonly error?: unknown }) {
    if (over) return;
    over = how;
    if ('error' in how) asked?.reject(how.error);
    else asked?.resolve(DONE);
    asked = undefined;
  }

  return {
    give(values) {
      if (over || values.length === 0) return true;
      if (!asked) {
        waiting.push(...values);
        return false;
      }
      asked.resolve({ done: false, value: values });
      asked = undefined;
      return true;
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),

    next() {
      onAsk();
      if (waiting.length > 0) {
        const value = waiting;
        waiting = [];
        return Promise.resolve({ done: false, value });
      }
      if (over) return 'error' in over ? Promise.reject(over.error) : Promise.resolve(DONE);
      asked = Promise.withResolvers();
      return asked.promise;
    },
    return() {
      const isEarly = over === undefined;
      waiting = [];
      finish({});
      if (isEarly) onLeave();
      return Promise.resolve(DONE);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined };
