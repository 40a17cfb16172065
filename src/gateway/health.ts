import type { FailureCode, ProviderError } from '../providers/errors.ts';

export type HealthStatus = 'UNKNOWN' | 'HEALTHY' | 'DEGRADED' | 'DOWN';

/** What was seen of a provider, from the calls that were made anyway. */
export interface ProviderHealth {
  readonly status: HealthStatus;
  readonly consecutiveFailures: number;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly lastFailure: FailureCode | null;
  /** The median time to the first part of an answer, over the last calls. */
  readonly firstPartP50Ms: number | null;
  /** When a provider that is down gets its next try in its old place; null for all others. */
  readonly retryAt: Date | null;
}

export interface HealthRecord {
  readonly current: ProviderHealth;
  /**
   * Whether others are to be tried first. A provider that is down stands aside until `retryAt`; then one call goes
   * through, and decides.
   */
  standsAside(): boolean;
  /** A call begins. */
  begin(): Observation;
}

/** What becomes of one call. */
export interface Observation {
  firstPart(): void;
  succeeded(): void;
  /** Counts, unless it says more of us than of the provider; one that refuses a request (`REJECTED`) is alive. */
  failed(error: ProviderError): void;
  /** It is over, whatever came of it. */
  end(): void;
}

/** As many failures in a row make a provider count as down. */
const DOWN_AFTER = 3;
/** The first pause of a provider that is down; each call that was let through and failed doubles it. */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 300_000;
/** As many of the last calls make up the median. */
const WINDOW = 100;

/** @param onChange called after each change of what is seen */
export function createHealthRecord(onChange: () => void = () => {}): HealthRecord {
  const firstParts: number[] = [];
  let trying = false;
  let pauseMs = FIRST_PAUSE_MS;
  let current: ProviderHealth = {
    status: 'UNKNOWN',
    consecutiveFailures: 0,
    lastSuccessAt: null,
    lastFailureAt: null,
    lastFailure: null,
    firstPartP50Ms: null,
    retryAt: null,
  };

  function change(seen: Partial<ProviderHealth>) {
    current = { ...current, ...seen };
    onChange();
  }

  function standsAside(): boolean {
    return current.retryAt !== null && (trying || Date.now() < current.retryAt.getTime());
  }

  return {
    get current() {
      return current;
    },
    standsAside,
    begin() {
      const begin = performance.now();
      const isTry = current.retryAt !== null && !standsAside();
      if (isTry) trying = true;
      return {
        firstPart() {
          firstParts.push(Math.round(performance.now() - begin));
          if (firstParts.length > WINDOW) firstParts.shift();
        },
        succeeded: () => recover({ status: 'HEALTHY', lastSuccessAt: new Date(), firstPartP50Ms: median(firstParts) }),
        failed({ code }) {
          if (code === 'REJECTED') recover({ status: current.lastSuccessAt ? 'HEALTHY' : 'UNKNOWN' });
          else if (code !== 'SHUTTING_DOWN') fail(code, isTry);
        },
        end() {
          if (isTry) trying = false;
        },
      };
    },
  };

  function recover(seen: Partial<ProviderHealth>) {
    pauseMs = FIRST_PAUSE_MS;
    change({ consecutiveFailures: 0, retryAt: null, ...seen });
  }

  /** A failure that was under way when the provider went down neither puts off nor brings forward its next try. */
  function fail(code: FailureCode, isTry: boolean) {
    const consecutiveFailures = current.consecutiveFailures + 1;
    const now = new Date();
    if (isTry) pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
    const goesDown = current.retryAt === null && consecutiveFailures >= DOWN_AFTER;
    change({
      status: consecutiveFailures >= DOWN_AFTER ? 'DOWN' : 'DEGRADED',
      consecutiveFailures,
      lastFailureAt: now,
      lastFailure: code,
      firstPartP50Ms: median(firstParts),
      retryAt: isTry || goesDown ? new Date(now.getTime() + pauseMs) : current.retryAt,
    });
  }
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
