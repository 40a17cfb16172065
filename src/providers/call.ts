import { ProviderError } from './errors.ts';

export interface CallLimits {
  /** From the request to the first event of the answer. */
  readonly firstByteTimeoutMs: number;
  /** Between two events. */
  readonly idleTimeoutMs: number;
}

/** One call's life: the caller's signal and the call's deadlines in one signal of its own. */
export interface Call {
  /** Aborts with the caller's reason, or with a `ProviderError` `TIMEOUT`. */
  readonly signal: AbortSignal;
  /** An event arrived: the idle deadline starts anew. */
  alive(): void;
  /** Nothing is left running. To be called once the call is over, however it ended. */
  end(): void;
}

interface CallOptions {
  readonly name: string;
  readonly limits: CallLimits;
  readonly timeoutMs?: number | undefined;
  readonly signal: AbortSignal;
}

export function startCall({ name, limits, timeoutMs, signal }: CallOptions): Call {
  signal.throwIfAborted();
  const controller = new AbortController();
  const expireAfter = (ms: number, what: string) =>
    setTimeout(() => controller.abort(new ProviderError('TIMEOUT', `${name} ${what} within ${ms} ms`)), ms);

  let silence = expireAfter(limits.firstByteTimeoutMs, 'sent nothing');
  let idle = false;
  const whole = timeoutMs === undefined ? undefined : expireAfter(timeoutMs, 'did not finish');
  const onAbort = () => controller.abort(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    signal: controller.signal,
    alive() {
      if (idle) {
        silence.refresh();
        return;
      }
      idle = true;
      clearTimeout(silence);
      silence = expireAfter(limits.idleTimeoutMs, 'sent nothing more');
    },
    end() {
      clearTimeout(silence);
      clearTimeout(whole);
      signal.removeEventListener('abort', onAbort);
    },
  };
}
