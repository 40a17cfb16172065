/** An async iterator that is fed with what it hands on, as that arrives. */
export interface PushIterator<T> extends AsyncIterableIterator<T, void, void> {
  /** False when some of it has to wait until it is asked for. */
  push(values: readonly T[]): boolean;
  /** Nothing is to come. What was given before still goes out; only the first end counts. */
  end(): void;
  fail(error: unknown): void;
}

interface PushIteratorOptions {
  /** More is asked for than there is. */
  onPull(): void;
  /** The reader has left before the end. */
  onLeave(): void;
}

/** A generator would do the same for a few promises more each time, and that is for each token. */
export function createPushIterator<T>({ onPull, onLeave }: PushIteratorOptions): PushIterator<T> {
  let waiting: T[] = [];
  let asked: PromiseWithResolvers<IteratorResult<T, void>> | undefined;
  let over: { readonly error?: unknown } | undefined;

  function finish(how: { readonly error?: unknown }) {
    if (over) return;
    over = how;
    if (!asked) return;
    if ('error' in how) fail(asked, how.error);
    else asked.resolve(DONE);
    asked = undefined;
  }

  /** After its failure there is nothing more to be had. */
  function fail({ reject }: Pick<PromiseWithResolvers<never>, 'reject'>, error: unknown) {
    over = {};
    reject(error);
  }

  return {
    push(values) {
      const [first] = values;
      if (over || first === undefined) return waiting.length === 0;
      if (!asked) waiting = waiting.length === 0 ? [...values] : waiting.concat(values);
      else {
        asked.resolve({ done: false, value: first });
        asked = undefined;
        if (values.length > 1) waiting = values.slice(1);
      }
      return waiting.length === 0;
    },
    end: () => finish({}),
    fail: (error) => finish({ error }),

    next() {
      const value = waiting.shift();
      if (value !== undefined) return Promise.resolve({ done: false, value });
      if (over && !('error' in over)) return Promise.resolve(DONE);
      const next = Promise.withResolvers<IteratorResult<T, void>>();
      if (over) fail(next, over.error);
      else {
        asked = next;
        onPull();
      }
      return next.promise;
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

/** An iterator that has to be opened first. It is opened when it is asked for something. */
export function openLater<T>(open: () => Promise<PushIterator<T>>): AsyncIterableIterator<T, void, void> {
  let opening: Promise<PushIterator<T>> | undefined;
  let iterator: PushIterator<T> | undefined;
  let isLeft = false;

  async function begin(): Promise<PushIterator<T>> {
    iterator = await open();
    if (isLeft) await iterator.return?.();
    return iterator;
  }

  return {
    next() {
      if (iterator) return iterator.next();
      if (isLeft) return Promise.resolve(DONE);
      opening ??= begin();
      return opening.then((opened) => opened.next());
    },
    return() {
      isLeft = true;
      return iterator?.return?.() ?? Promise.resolve(DONE);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
