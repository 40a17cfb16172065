import { ProviderError } from '../errors.ts';

export interface DeadlineLimits {
  /** From the request to the first part of the answer: nothing puts it off. */
  readonly firstPartTimeoutMs: number;
  /** Between two parts: every byte that comes puts it off. */
  readonly idleTimeoutMs: number;
  /** Of the whole call. 0: no limit. */
  readonly maxDurationMs: number;
}

/** One call's life: the caller's signal and the call's deadlines in one signal of its own. */
export interface Deadlines {
  /** Aborts with the caller's reason, or with a `ProviderError` `TIMEOUT`. */
  readonly signal: AbortSignal;
  /** Whether it was the caller who aborted. */
  isLeft(): boolean;
  /** Something arrived. */
  alive(): void;
  /** Some of the first part is there: from now on the idle deadline runs too. */
  watch(): void;
  /** The first part of the answer is there: from now on the idle deadline runs in place of the other. */
  begun(): void;
  /** We are busy with what arrived: until `resume` the upstream is not waited for, and no deadline for its silence runs. */
  hold(): void;
  resume(): void;
  /** The end has been told: in place of the idle deadline, one that nothing puts off but our being busy. */
  finishWithin(ms: number): void;
  /** All that counts has arrived: what is left is ended after so many milliseconds. */
  linger(ms: number): void;
  /** Nothing is left running. To be called once the call is over, however it ended. */
  end(): void;
}

interface DeadlinesOptions {
  readonly name: string;
  readonly limits: DeadlineLimits;
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
}

/** To handle what arrived takes less; more is a reader that keeps us waiting. */
const NOTICEABLE_MS = 10;

export function startDeadlines({
  name,
  limits,
  timeoutMs = Number.POSITIVE_INFINITY,
  signal,
}: DeadlinesOptions): Deadlines {
  signal.throwIfAborted();
  const controller = new AbortController();
  const wholeMs = Math.min(timeoutMs, limits.maxDurationMs || Number.POSITIVE_INFINITY);
  let heldAt: number | undefined;
  let heldMs = 0;

  /** How long we have kept the upstream waiting since this was last asked. */
  function takeHeldMs(): number {
    const now = performance.now();
    const held = heldMs + (heldAt === undefined ? 0 : now - heldAt);
    heldMs = 0;
    if (heldAt !== undefined) heldAt = now;
    return Math.ceil(held);
  }

  const expire = (ms: number, what: string) =>
    controller.abort(new ProviderError('TIMEOUT', `${name} ${what} within ${ms} ms`));
  const expireInSilence = (ms: number, what: string) => {
    const moreMs = takeHeldMs();
    if (moreMs === 0) return expire(ms, what);
    silence = setTimeout(expireInSilence, moreMs, ms, what);
    isFresh = false;
  };

  const { firstPartTimeoutMs, idleTimeoutMs } = limits;
  const first = setTimeout(expire, firstPartTimeoutMs, firstPartTimeoutMs, 'did not begin its answer');
  let silence: NodeJS.Timeout | undefined;
  let isIdleRunning = false;
  /** Whether the timer runs for all of the idle deadline, and can be used again. */
  let isFresh = false;
  const whole =
    wholeMs === Number.POSITIVE_INFINITY ? undefined : setTimeout(expire, wholeMs, wholeMs, 'did not finish');
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });

  function wait(timer: NodeJS.Timeout) {
    clearTimeout(silence);
    silence = timer;
  }

  function startIdle() {
    isIdleRunning = true;
    wait(setTimeout(expireInSilence, idleTimeoutMs, idleTimeoutMs, 'sent nothing more'));
    isFresh = true;
  }

  return {
    signal: controller.signal,
    isLeft: () => signal.aborted,
    alive() {
      if (!isIdleRunning) return;
      heldMs = 0;
      if (isFresh) silence?.refresh();
      else startIdle();
    },
    watch() {
      if (!isIdleRunning) startIdle();
    },
    begun() {
      clearTimeout(first);
      startIdle();
    },
    hold() {
      heldAt ??= performance.now();
    },
    resume() {
      if (heldAt === undefined) return;
      const ms = performance.now() - heldAt;
      heldAt = undefined;
      if (ms >= NOTICEABLE_MS) heldMs += ms;
    },
    finishWithin(ms) {
      clearTimeout(first);
      isIdleRunning = false;
      wait(setTimeout(expireInSilence, ms, ms, 'did not end'));
    },
    linger(ms) {
      clearTimeout(first);
      isIdleRunning = false;
      wait(setTimeout(expire, ms, ms, 'did not end'));
    },
    end() {
      clearTimeout(first);
      clearTimeout(silence);
      clearTimeout(whole);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
