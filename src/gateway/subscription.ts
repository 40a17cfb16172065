/**
 * The iterator that GraphQL gets of a chat. A generator's own `return()` waits for a pending `next()`, so for as long as
 * the upstream is silent; this one calls `leave` at once, which aborts the upstream, and settles what is pending.
 */
export function toSubscription<T>(
  source: AsyncGenerator<T, void, void>,
  leave: () => void,
): AsyncIterableIterator<T, void, void> {
  const end: IteratorResult<T, void> = { done: true, value: undefined };
  let ended = false;
  let settle: ((result: IteratorResult<T, void>) => void) | undefined;

  return {
    next() {
      if (ended) return Promise.resolve(end);
      return new Promise((resolve, reject) => {
        settle = resolve;
        source.next().then(resolve, reject);
      });
    },
    return() {
      ended = true;
      leave();
      settle?.(end);
      source.return().catch(() => {}); // It ends with the abort; nobody is left to hear of it.
      return Promise.resolve(end);
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
