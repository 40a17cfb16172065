/** Keeps calls from what has failed again and again, but for one try now and then. */
export interface Circuit {
  /** When the next try is due; null while there is nothing to be kept from. */
  readonly retryAt: Date | null;
  /** Whether others are to be tried first: until `retryAt`; then one call goes through, and decides. */
  isOpen(): boolean;
  /** A call begins. */
  begin(): CircuitCall;
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

export function createCircuit(): Circuit {
  let failures = 0;
  let pauseMs = FIRST_PAUSE_MS;
  let retryAt: Date | null = null;
  let isTried = false;

  const isOpen = () => retryAt !== null && (isTried || Date.now() < retryAt.getTime());

  /** A failure that was under way when it opened neither puts off nor brings forward the next try. */
  function fail(isTry: boolean) {
    failures++;
    if (isTry) pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    if (isTry || (retryAt === null && failures >= OPEN_AFTER)) retryAt = new Date(Date.now() + pauseMs);
  }

  return {
    get retryAt() {
      return retryAt;
    },
    isOpen,
    begin() {
      const isTry = retryAt !== null && !isOpen();
      if (isTry) isTried = true;
      return {
        succeeded() {
          failures = 0;
          pauseMs = FIRST_PAUSE_MS;
          retryAt = null;
        },
        failed: () => fail(isTry),
        end() {
          if (isTry) isTried = false;
        },
      };
    },
  };
}
