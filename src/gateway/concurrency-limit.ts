import { ProviderError } from '../providers/errors.ts';

export interface ConcurrencyOptions {
  /** Calls of one provider at a time; null for no limit. */
  readonly maxConcurrent: number | null;
  /** Calls that may wait for their turn. */
  readonly maxQueued: number;
  /** The longest wait. */
  readonly queueTimeoutMs: number;
}

/** Lets as many calls at once to a provider as it can take. The others wait in line. */
export interface ConcurrencyLimit {
  /**
   * Resolves when it is the call's turn, with what gives the place free again.
   * @throws ProviderError `RATE_LIMITED` when the line is full, `TIMEOUT` when it took too long; the signal's reason.
   */
  enter(signal: AbortSignal): Promise<() => void>;
  /** How many calls run and wait at this moment. */
  load(): CallLoad;
  /** A place, if there is one at once. */
  tryEnter(): (() => void) | undefined;
  /** Other options from now on. Those who wait have a place at once where there is one now; nobody loses theirs. */
  change(options: ConcurrencyOptions): void;
}

export interface CallLoad {
  readonly running: number;
  readonly waiting: number;
}

export function createConcurrencyLimit(name: string, standing: ConcurrencyOptions): ConcurrencyLimit {
  const line = new Set<() => void>();
  let options = standing;
  let running = 0;

  const isFull = () => options.maxConcurrent !== null && running >= options.maxConcurrent;

  /** Those who are first in line have what places there are. */
  function letIn() {
    for (const next of line) {
      if (isFull()) return;
      running++;
      next();
    }
  }

  function leave() {
    running--;
    letIn();
  }

  /** Waits for a place that somebody leaves. */
  function queue(signal: AbortSignal): Promise<void> {
    const { queueTimeoutMs } = options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        stopWaiting();
        reject(new ProviderError('TIMEOUT', `${name} is busy: no call ended within ${queueTimeoutMs} ms`));
      }, queueTimeoutMs);
      const onAbort = () => {
        stopWaiting();
        reject(signal.reason);
      };
      const onTurn = () => {
        stopWaiting();
        resolve();
      };
      function stopWaiting() {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        line.delete(onTurn);
      }
      signal.addEventListener('abort', onAbort, { once: true });
      line.add(onTurn);
    });
  }

  function tryEnter() {
    if (isFull()) return undefined;
    running++;
    return once(leave);
  }

  return {
    tryEnter,
    change(changed) {
      options = changed;
      letIn();
    },
    load: () => ({ running, waiting: line.size }),
    async enter(signal) {
      signal.throwIfAborted();
      const entered = tryEnter();
      if (entered) return entered;
      if (line.size >= options.maxQueued) {
        throw new ProviderError('RATE_LIMITED', `${name} is busy: ${running} calls run and ${line.size} wait`);
      }
      await queue(signal);
      return once(leave);
    },
  };
}

function once(leave: () => void): () => void {
  let left = false;
  return () => {
    if (left) return;
    left = true;
    leave();
  };
}
