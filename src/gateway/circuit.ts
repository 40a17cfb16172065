/** Keeps calls from what has failed again and again, but for one try now and then. */
export interface Circuit {
  /** When the next try is due; null while there is nothing to be kept from. */
  readonly retryAt: Date | null;
  /** Whether others are to be tried first: until `retryAt`; then one call goes through, and decides. */
  isOpen(): boolean;
  /** A call begins. */
  begin(): CircuitCall;
  /** What another process has seen of the same. It knows of the next try here too, where that is due later there. */
  hear(state: OpenCircuit | null): void;
}

/** One that is open; null stands for one that is closed. */
export interface OpenCircuit {
  readonly retryAt: Date;
  /** How long it keeps calls away until then, and how long again when that try fails. */
  readonly pauseMs: number;
}

export interface CircuitCall {
  succeeded(): void;
  failed(): void;
  /** It is over, whatever came of it. */
  end(): void;
}

export type CircuitState = 'CLOSED' | 'OPEN' | 'HALF_OPEN';

/** What a time of the next try means: `HALF_OPEN` is one that is due, or under way. */
export function toCircuitState(retryAt: Date | null): CircuitState {
  if (retryAt === null) return 'CLOSED';
  return Date.now() < retryAt.getTime() ? 'OPEN' : 'HALF_OPEN';
}

/** As many failures in a row open it. */
const OPEN_AFTER = 3;
/** The first pause; each call that was let through and failed doubles it. */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 300_000;

/** @param onChange called when it opens, stays open for longer, or closes */
export function createCircuit(onChange: (state: OpenCircuit | null) => void = () => {}): Circuit {
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let retryAt: Date | null = null;
  let isTried = false;

  const isOpen = () => retryAt !== null && (isTried || Date.now() < retryAt.getTime());

  /** A failure that was under way when it opened neither puts off nor brings forward the next try. */
  function fail(isTry: boolean, pauseBefore: number) {
    failures++;
    // Where another process has tried at the same time, both doubled the same pause.
    if (isTry) pauseMs = Math.max(pauseMs, Math.min(MAX_PAUSE_MS, pauseBefore * 2));
    if (!isTry && (retryAt !== null || failures < OPEN_AFTER)) return;
    retryAt = new Date(Date.now() + pauseMs);
    onChange({ retryAt, pauseMs });
  }

  function close() {
    failures = 0;
    pauseMs = FIRST_PAUSE_MS;
    retryAt = null;
  }

  return {
    get retryAt() {
      return retryAt;
    },
    isOpen,
    hear(state) {
      if (state === null) return close();
      if (retryAt !== null && retryAt >= state.retryAt) return;
      ({ retryAt, pauseMs } = state);
    },
    begin() {
      const isTry = retryAt !== null && !isOpen();
      if (isTry) isTried = true;
      const pauseBefore = pauseMs;
      return {
        succeeded() {
          const wasOpen = retryAt !== null;
          close();
          if (wasOpen) onChange(null);
        },
        failed: () => fail(isTry, pauseBefore),
        end() {
          if (isTry) isTried = false;
        },
      };
    },
  };
}
