import type { Provider } from '../providers/provider.ts';
import { type ConcurrencyOptions, createConcurrencyLimit } from './concurrency-limit.ts';
import { createHealthRecord, type HealthRecord } from './health.ts';
import type { Model } from './model.ts';

/** The way to one provider: every call goes through it. */
export interface ProviderAccess {
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

/** @param onChange called after each change of the provider's health */
export function createProviderAccess(
  provider: Provider,
  { attempts, ...limits }: AccessOptions,
  onChange: () => void,
): ProviderAccess {
  const health = createHealthRecord({ models: () => provider.models.map(({ name }) => name), onChange });
  return { health, attempts, ...createConcurrencyLimit(provider.name, limits) };
}

type AccessOf = (provider: Provider) => ProviderAccess;

/** The candidates in the order in which they are tried: as given, but those that stand aside last. */
export function inOrder(candidates: readonly Model[], accessOf: AccessOf): Model[] {
  const aside = (model: Model) => isCircuitOpen(model, accessOf);
  return [...candidates.filter((model) => !aside(model)), ...candidates.filter(aside)];
}

/** Whether a model went down while a call waited for its place, and another is left that is not down. */
export function isOvertaken(model: Model, others: readonly Model[], accessOf: AccessOf): boolean {
  return isCircuitOpen(model, accessOf) && others.some((other) => !isCircuitOpen(other, accessOf));
}

function isCircuitOpen({ provider, name }: Model, accessOf: AccessOf): boolean {
  return accessOf(provider).health.isCircuitOpen(name);
}
