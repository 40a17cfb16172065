import type { Provider } from '../providers/provider.ts';
import { type CallObserver, observeBy } from './call-observer.ts';
import type { OpenCircuit } from './circuit.ts';
import { type ConcurrencyLimit, type ConcurrencyOptions, createConcurrencyLimit } from './concurrency-limit.ts';
import { createHealthRecord, type HealthRecord } from './health.ts';
import type { OpenPlaces, Seekers } from './places.ts';

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

/** A circuit that has opened, or closed: that of a model of a provider, or (null) of the provider. */
export interface CircuitNews {
  readonly provider: string;
  readonly model: string | null;
  readonly state: OpenCircuit | null;
}

/** Other processes that call the same upstreams. */
export interface OtherCallers {
  /** The places of all of them together, where a limit is shared. */
  readonly openPlaces: OpenPlaces;
  tell(news: CircuitNews): void;
  listen(hear: (news: CircuitNews) => void): void;
}

interface ProviderAccessesOptions {
  /** Who see every call. */
  readonly observers: readonly CallObserver[];
  /** Called after each change of a provider's health. */
  onChange(provider: Provider): void;
  readonly others: OtherCallers | undefined;
}

export function createProviderAccesses({ observers, onChange, others }: ProviderAccessesOptions): ProviderAccesses {
  const accesses = new WeakMap<Provider, ProviderAccess>();
  const limits = new Map<string, ConcurrencyLimit>();
  /** Of each id, that of the provider of now. */
  const records = new Map<string, HealthRecord>();
  others?.listen(({ provider, model, state }) => records.get(provider)?.hear(model, state));

  function limitOf({ id, name }: Provider, options: ConcurrencyOptions): ConcurrencyLimit {
    const openPlaces = others && ((seekers: Seekers) => others.openPlaces(`provider:${id}`, seekers));
    const limit = limits.get(id) ?? createConcurrencyLimit(name, options, openPlaces);
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
        onCircuit: (model, state) => others?.tell({ provider: provider.id, model, state }),
      });
      records.set(provider.id, health);
      const { begin } = observeBy([{ begin: ({ model }) => health.begin(model.name) }, ...observers]);
      accesses.set(provider, { health, attempts, begin, enter, tryEnter, load });
    },
  };
}
