import { ProviderError } from './errors.ts';

export interface CallLimits {
  /** From the request to the first event of the answer. */
  readonly firstPartTimeoutMs: number;
  /** Between two events. */
  readonly idleTimeoutMs: number;
}

/** One call's life: the caller's signal and the call's deadlines in one signal of its own. */
export interface Call {
  /** Aborts with the caller's reason, or with a `ProviderError` `TIMEOUT`. */
  readonly signal: AbortSignal;
  /** Whether it was the caller who aborted. */
  isLeft(): boolean;
  /** An event arrived: the idle deadline starts anew. */
  alive(): void;
  /** We are busy with what arrived: until `resume` the upstream is not waited for, and no deadline for its silence runs. */
  hold(): void;
  resume(): void;
  /** All that counts has arrived: what is left is ended after so many milliseconds, in place of the idle deadline. */
  linger(ms: number): void;
  /** Nothing is left running. To be called once the call is over, however it ended. */
  end(): void;
}

interface CallOptions {
  readonly name: string;
  readonly limits: CallLimits;
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
}

/** To handle what arrived takes less; more is a reader that keeps us waiting. */
const NOTICEABLE_MS = 10;

export function startCall({ name, limits, timeoutMs, signal }: CallOptions): Call {
  signal.throwIfAborted();
  const controller = new AbortController();
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
    if (moreMs === 0) expire(ms, what);
    else {
      silence = setTimeout(expireInSilence, moreMs, ms, what);
      idle = false;
    }
  };
  const waitFor = (ms: number, what: string) => setTimeout(expireInSilence, ms, ms, what);

  let silence = waitFor(limits.firstPartTimeoutMs, 'sent nothing');
  /** Whether the timer is the idle deadline's, and can be used again. */
  let idle = false;
  const whole = timeoutMs === undefined ? undefined : setTimeout(expire, timeoutMs, timeoutMs, 'did not finish');
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    signal: controller.signal,
    isLeft: () => signal.aborted,
    alive() {
      heldMs = 0;
      if (idle) {
        silence.refresh();
        return;
      }
      idle = true;
      clearTimeout(silence);
      silence = waitFor(limits.idleTimeoutMs, 'sent nothing more');
    },
    hold() {
      heldAt = performance.now();
    },
    resume() {
      if (heldAt === undefined) return;
      const ms = performance.now() - heldAt;
      heldAt = undefined;
      if (ms >= NOTICEABLE_MS) heldMs += ms;
    },
    linger(ms) {
      clearTimeout(silence);
      silence = setTimeout(expire, ms, ms, 'did not end');
    },
    end() {
      clearTimeout(silence);
      clearTimeout(whole);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
