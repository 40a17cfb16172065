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
  firstPart(afterMs: number): void;
  succeeded(): void;
  /** Counts, unless it says more of the request, or of us, than of the provider. */
  failed(error: ProviderError): void;
  /** It is over, whatever came of it. */
  end(): void;
}

/** As many failures in a row make a provider count as down. */
const DOWN_AFTER = 3;
/** The first pause of a provider that is down; each try that fails doubles it. */
const FIRST_PAUSE_MS = 5_000;
const MAX_PAUSE_MS = 300_000;
/** As many of the last calls make up the median. */
const WINDOW = 100;

const NOT_ITS_FAULT: ReadonlySet<FailureCode> = new Set(['REJECTED', 'SHUTTING_DOWN']);

/** @param onChange called after each change of what is seen */
export function createHealthRecord(onChange: () => void = () => {}): HealthRecord {
  const firstParts: number[] = [];
  let trying = false;
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
      const isTry = current.retryAt !== null && !standsAside();
      if (isTry) trying = true;
      return {
        firstPart(afterMs) {
          firstParts.push(Math.round(afterMs));
          if (firstParts.length > WINDOW) firstParts.shift();
        },
        succeeded() {
          const firstPartP50Ms = median(firstParts);
          change({
            status: 'HEALTHY',
            consecutiveFailures: 0,
            lastSuccessAt: new Date(),
            retryAt: null,
            firstPartP50Ms,
          });
        },
        failed({ code }) {
          if (NOT_ITS_FAULT.has(code)) return;
          const consecutiveFailures = current.consecutiveFailures + 1;
          const down = consecutiveFailures >= DOWN_AFTER;
          const pauseMs = Math.min(MAX_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (consecutiveFailures - DOWN_AFTER));
          const now = new Date();
          change({
            status: down ? 'DOWN' : 'DEGRADED',
            consecutiveFailures,
            lastFailureAt: now,
            lastFailure: code,
            firstPartP50Ms: median(firstParts),
            retryAt: down ? new Date(now.getTime() + pauseMs) : null,
          });
        },
        end() {
          if (isTry) trying = false;
        },
      };
    },
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
