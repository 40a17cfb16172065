import type { FailureCode } from '../providers/errors.ts';
import type { Observation } from './call-observer.ts';
import { type Circuit, type CircuitState, createCircuit, type OpenCircuit, toCircuitState } from './circuit.ts';

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
  /** Of the provider: that of its connection, or of all its models together. */
  readonly circuit: CircuitState;
  /** The names of the models whose own circuit is not closed. */
  openModels(): readonly string[];
  /** Whether others are to be tried before this model: it is down, or its provider is. */
  isCircuitOpen(model: string): boolean;
  /** A call of a model begins. */
  begin(model: string): Omit<Observation, 'succeeded'> & { succeeded(): void };
  /** What another process has seen, of a model or (null) of the provider. */
  hear(model: string | null, state: OpenCircuit | null): void;
}

interface HealthRecordOptions {
  /** The names of the models that the provider has. */
  models(): readonly string[];
  /** Called after each change of what is seen. */
  onChange?(): void;
  /** Called when a circuit opens or closes by what was seen here: that of a model or (null) of the provider. */
  onCircuit?(model: string | null, state: OpenCircuit | null): void;
}

/** Failures of the connection or the key: they are those of all models, and the others of the one that was called. */
const OF_PROVIDER: ReadonlySet<FailureCode> = new Set(['UNREACHABLE', 'UNAUTHORIZED', 'BLOCKED']);
/** As many of the last calls make up the median. */
const WINDOW = 100;

export function createHealthRecord({
  models: listModels,
  onChange = () => {},
  onCircuit = () => {},
}: HealthRecordOptions): HealthRecord {
  const provider = createCircuit((state) => onCircuit(null, state));
  const models = new Map<string, Circuit>();
  const firstParts: number[] = [];
  let lastCall: 'NONE' | 'SUCCEEDED' | 'FAILED' = 'NONE';
  let seen: Pick<ProviderHealth, 'consecutiveFailures' | 'lastSuccessAt' | 'lastFailureAt' | 'lastFailure'> = {
    consecutiveFailures: 0,
    lastSuccessAt: null,
    lastFailureAt: null,
    lastFailure: null,
  };

  /** When a provider that is down gets its next try: by its own failures, or by those of all its models. */
  function retryAt(): Date | null {
    if (provider.retryAt) return provider.retryAt;
    const names = listModels();
    const due = names.flatMap((name) => models.get(name)?.retryAt ?? []);
    return due.length > 0 && due.length === names.length ? due.reduce((a, b) => (a < b ? a : b)) : null;
  }

  function toStatus(): HealthStatus {
    if (retryAt() !== null) return 'DOWN';
    if (lastCall === 'FAILED') return 'DEGRADED';
    return lastCall === 'SUCCEEDED' && seen.lastSuccessAt ? 'HEALTHY' : 'UNKNOWN';
  }

  function change(outcome: 'SUCCEEDED' | 'FAILED', more: Partial<typeof seen>) {
    lastCall = outcome;
    seen = { ...seen, ...more };
    onChange();
  }

  function circuitOf(model: string): Circuit {
    const circuit = models.get(model) ?? createCircuit((state) => onCircuit(model, state));
    models.set(model, circuit);
    return circuit;
  }

  return {
    get current() {
      return { status: toStatus(), ...seen, firstPartP50Ms: median(firstParts), retryAt: retryAt() };
    },
    get circuit() {
      return toCircuitState(retryAt());
    },
    openModels: () => [...models].flatMap(([name, { retryAt }]) => (retryAt === null ? [] : name)),
    isCircuitOpen: (model) => provider.isOpen() || models.get(model)?.isOpen() === true,
    hear(model, state) {
      (model === null ? provider : circuitOf(model)).hear(state);
      onChange();
    },
    begin(model) {
      const begin = performance.now();
      const ofProvider = provider.begin();
      const ofModel = circuitOf(model).begin();
      return {
        firstPart() {
          firstParts.push(Math.round(performance.now() - begin));
          if (firstParts.length > WINDOW) firstParts.shift();
        },
        succeeded() {
          ofProvider.succeeded();
          ofModel.succeeded();
          change('SUCCEEDED', { consecutiveFailures: 0, lastSuccessAt: new Date() });
        },
        /** Counts, unless it says more of us than of the provider; one that refuses a request (`REJECTED`) is alive. */
        failed({ code }) {
          if (code === 'SHUTTING_DOWN') return;
          if (OF_PROVIDER.has(code)) ofProvider.failed();
          else if (code !== 'TIMEOUT') ofProvider.succeeded(); // It was reached, and took our key.
          if (code === 'REJECTED') {
            ofModel.succeeded();
            return change('SUCCEEDED', { consecutiveFailures: 0 });
          }
          ofModel.failed();
          const consecutiveFailures = seen.consecutiveFailures + 1;
          change('FAILED', { consecutiveFailures, lastFailureAt: new Date(), lastFailure: code });
        },
        end() {
          ofProvider.end();
          ofModel.end();
        },
      };
    },
  };
}

function median(values: readonly number[]): number | null {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? null;
}
