import { ProviderError } from '../providers/errors.ts';
import { createPlaces, type Places, type Seekers } from './places.ts';

export interface ConcurrencyOptions {
  /** Calls of one provider at a time; null for no limit. */
  readonly maxConcurrent: number | null;
  /** Whether these are the calls of all nodes of a cluster. */
  readonly shared?: boolean;
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
  /** A place, if it is known at once that there is one: of those that nodes share, that is not. */
  tryEnter(): (() => void) | undefined;
  /** Other options from now on. Those who wait have a place at once where there is one now; nobody loses theirs. */
  change(options: ConcurrencyOptions): void;
}

export interface CallLoad {
  readonly running: number;
  readonly waiting: number;
}

/** Who waits in line. */
interface Waiter {
  /** Whether a place is being asked for them. */
  isAsking: boolean;
  enter(): void;
  refuse(error: ProviderError): void;
}

/** @param openPlaces where the places come from; otherwise they are this process's own */
export function createConcurrencyLimit(
  name: string,
  standing: ConcurrencyOptions,
  openPlaces: (seekers: Seekers) => Places = createPlaces,
): ConcurrencyLimit {
  const line = new Set<Waiter>();
  /** Those who may have a place at once still, and otherwise join the line or are turned away. */
  const arriving = new Set<Waiter>();
  let options = standing;
  const places = openPlaces({
    limit: () => options.maxConcurrent,
    isShared: () => options.shared === true,
    mayWait: () => options.maxQueued > 0,
    wanted() {
      for (const waiter of arriving) waiter.isAsking = true;
      return line.size + arriving.size;
    },
    give,
  });

  const isBusy = () =>
    new ProviderError('RATE_LIMITED', `${name} is busy: ${places.held} calls run and ${line.size} wait`);

  /** Those who are first in line have what places there are. */
  function give(granted: number): number {
    let taken = 0;
    for (const waiter of line) {
      if (taken === granted) break;
      taken++;
      waiter.enter();
    }
    for (const waiter of arriving) {
      if (!waiter.isAsking) break;
      if (taken < granted) {
        taken++;
        waiter.enter();
      } else if (line.size < options.maxQueued) {
        arriving.delete(waiter);
        line.add(waiter);
      } else waiter.refuse(isBusy());
    }
    return taken;
  }

  /** Waits for a place. */
  function queue(signal: AbortSignal): Promise<void> {
    const { queueTimeoutMs } = options;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        waiter.refuse(new ProviderError('TIMEOUT', `${name} is busy: no call ended within ${queueTimeoutMs} ms`));
      }, queueTimeoutMs);
      const onAbort = () => {
        stopWaiting();
        reject(signal.reason);
      };
      const waiter: Waiter = {
        isAsking: false,
        enter() {
          stopWaiting();
          resolve();
        },
        refuse(error) {
          stopWaiting();
          reject(error);
        },
      };
      function stopWaiting() {
        clearTimeout(timer);
        signal.removeEventListener('abort', onAbort);
        line.delete(waiter);
        arriving.delete(waiter);
      }
      signal.addEventListener('abort', onAbort, { once: true });
      arriving.add(waiter);
      places.seek();
    });
  }

  function tryEnter() {
    return places.tryTake() ? once(places.giveBack) : undefined;
  }

  return {
    tryEnter,
    change(changed) {
      options = changed;
      places.seek();
    },
    load: () => ({ running: places.held, waiting: line.size }),
    async enter(signal) {
      signal.throwIfAborted();
      const entered = tryEnter();
      if (entered) return entered;
      if (line.size >= options.maxQueued && options.maxQueued > 0) throw isBusy();
      await queue(signal);
      return once(places.giveBack);
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
