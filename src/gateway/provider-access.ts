import type { Provider } from '../providers/provider.ts';
import { type CallObserver, observeBy } from './call-observer.ts';
import { type ConcurrencyLimit, type ConcurrencyOptions, createConcurrencyLimit } from './concurrency-limit.ts';
import { createHealthRecord, type HealthRecord } from './health.ts';

/** The way to one provider: every call goes through it. */
export interface ProviderAccess extends CallObserver, Pick<ConcurrencyLimit, 'enter' | 'tryEnter' | 'load'> {
  readonly health: HealthRecord;
  /** How often a model is tried, where a failure may pass. */
  readonly attempts: number;
}

export interface AccessOptions extends ConcurrencyOptions {
  readonly attempts: number;
}

/** The ways to all providers, whatever configuration they are of. */
export interface ProviderAccesses {
  of(provider: Provider): ProviderAccess;
  /**
   * Makes the way to a provider that is new. One that takes the place of another of its id starts with a clean record,
   * but the calls of both count together: they go to one upstream.
   */
  add(provider: Provider, options: AccessOptions): void;
}

/**
 * @param observers who see every call
 * @param onChange called after each change of a provider's health
 */
export function createProviderAccesses(
  observers: readonly CallObserver[],
  onChange: (provider: Provider) => void,
): ProviderAccesses {
  const accesses = new WeakMap<Provider, ProviderAccess>();
  const limits = new Map<string, ConcurrencyLimit>();

  function limitOf({ id, name }: Provider, options: ConcurrencyOptions): ConcurrencyLimit {
    const limit = limits.get(id) ?? createConcurrencyLimit(name, options);
    limits.set(id, limit);
    limit.change(options);
    return limit;
  }

  return {
    of(provider) {
      const access = accesses.get(provider);
      if (!access) throw new Error(`No access to provider '${provider.id}'`);
      return access;
    },
    add(provider, { attempts, ...options }) {
      if (accesses.has(provider)) return;
      const { enter, tryEnter, load } = limitOf(provider, options);
      const health = createHealthRecord({
        models: () => provider.models.map(({ name }) => name),
        onChange: () => onChange(provider),
      });
      const { begin } = observeBy([{ begin: ({ model }) => health.begin(model.name) }, ...observers]);
      accesses.set(provider, { health, attempts, begin, enter, tryEnter, load });
    },
  };
}
