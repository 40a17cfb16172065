/** A value loaded once for all who need it, and again after it was dropped. */
export interface SharedLoad<T> {
  /** Waits for the value. One load serves everyone who waits; it is aborted when the last of them has left. */
  get(signal: AbortSignal): Promise<T>;
  /** The value is of no use any more. One that has been replaced already stays replaced. */
  drop(value: T): void;
}

interface Load<T> {
  readonly controller: AbortController;
  readonly promise: Promise<T>;
  waiting: number;
  value?: T;
}

export function createSharedLoad<T>(load: (signal: AbortSignal) => Promise<T>): SharedLoad<T> {
  let current: Load<T> | undefined;

  function begin(): Load<T> {
    const controller = new AbortController();
    const begun: Load<T> = { controller, promise: load(controller.signal), waiting: 0 };
    begun.promise.then(
      (value) => {
        begun.value = value;
      },
      () => forget(begun),
    );
    return begun;
  }

  function forget(used: Load<T>) {
    if (current === used) current = undefined;
  }

  return {
    async get(signal) {
      signal.throwIfAborted();
      current ??= begin();
      const used = current;
      if (used.value !== undefined) return used.value;
      const left = Promise.withResolvers<never>();
      const onAbort = () => left.reject(signal.reason);
      signal.addEventListener('abort', onAbort, { once: true });
      used.waiting++;
      try {
        return await Promise.race([used.promise, left.promise]);
      } finally {
        signal.removeEventListener('abort', onAbort);
        used.waiting--;
        if (used.waiting === 0 && used.value === undefined) {
          forget(used);
          used.controller.abort(signal.reason);
        }
      }
    },
    drop(value) {
      if (current?.value === value) current = undefined;
    },
  };
}
