import type { FailureCode, ProviderError } from '../providers/errors.ts';

export type HealthStatus = 'UNKNOWN' | 'HEALTHY' | 'DEGRADED' | 'DOWN';

/** What was seen of a provider, from the calls that were made anyway. */
export interface ProviderHealth {
  readonly status: HealthStatus;
  readonly consecutiveFailures: number;
  readonly lastSuccessAt: Date | null;
  readonly lastFailureAt: Date | null;
  readonly lastFailure: FailureCode | null;
}

export interface HealthRecord {
  readonly current: ProviderHealth;
  succeeded(): void;
  /** Counts a failure, unless it says more of the request, or of us, than of the provider. */
  failed(error: ProviderError): void;
}

/** As many failures in a row make a provider count as down. */
const DOWN_AFTER = 3;

const NOT_ITS_FAULT: ReadonlySet<FailureCode> = new Set(['REJECTED', 'SHUTTING_DOWN']);

export function createHealthRecord(): HealthRecord {
  let current: ProviderHealth = {
    status: 'UNKNOWN',
    consecutiveFailures: 0,
    lastSuccessAt: null,
    lastFailureAt: null,
    lastFailure: null,
  };
  return {
    get current() {
      return current;
    },
    succeeded() {
      current = { ...current, status: 'HEALTHY', consecutiveFailures: 0, lastSuccessAt: new Date() };
    },
    failed({ code }) {
      if (NOT_ITS_FAULT.has(code)) return;
      const consecutiveFailures = current.consecutiveFailures + 1;
      const status = consecutiveFailures >= DOWN_AFTER ? 'DOWN' : 'DEGRADED';
      current = { ...current, status, consecutiveFailures, lastFailureAt: new Date(), lastFailure: code };
    },
  };
}
