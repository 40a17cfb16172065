import type { Provider } from '../providers/provider.ts';
import { type CallObserver, observeBy } from './call-observer.ts';
import { type ConcurrencyOptions, createConcurrencyLimit } from './concurrency-limit.ts';
import { createHealthRecord, type HealthRecord } from './health.ts';

/** The way to one provider: every call goes through it. */
export interface ProviderAccess extends CallObserver {
  readonly health: HealthRecord;
  /** How often a model is tried, where a failure may pass. */
  readonly attempts: number;
  /**
   * Waits for a place, for one call after another. Resolves with what gives it free again.
   * @throws as `ConcurrencyLimit.enter` does, which is no failure of the provider's
   */
  enter(signal: AbortSignal): Promise<() => void>;
  /** A place, if there is one at once. */
  tryEnter(): (() => void) | undefined;
}

export interface AccessOptions extends ConcurrencyOptions {
  readonly attempts: number;
}

/**
 * @param observers who see its calls too
 * @param onChange called after each change of the provider's health
 */
export function createProviderAccess(
  provider: Provider,
  { attempts, ...limits }: AccessOptions,
  observers: readonly CallObserver[],
  onChange: () => void,
): ProviderAccess {
  const health = createHealthRecord({ models: () => provider.models.map(({ name }) => name), onChange });
  const all = observeBy([{ begin: ({ model }) => health.begin(model.name) }, ...observers]);
  return { health, attempts, begin: all.begin, ...createConcurrencyLimit(provider.name, limits) };
}
