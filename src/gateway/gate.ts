import type { Provider } from '../providers/provider.ts';
import { type AdmissionLimits, createAdmission } from './admission.ts';
import { createHealthRecord, type HealthRecord } from './health.ts';
import type { Model } from './registry.ts';

/** The way to one provider: every call goes through it. */
export interface Gate {
  readonly health: HealthRecord;
  /** How often a model is tried, where a failure may pass. */
  readonly attempts: number;
  /**
   * Waits for a place, for one call after another. Resolves with what gives it free again.
   * @throws as `Admission.enter` does, which is no failure of the provider's
   */
  enter(signal: AbortSignal): Promise<() => void>;
  /** A place, if there is one at once. */
  tryEnter(): (() => void) | undefined;
}

export interface GateOptions extends AdmissionLimits {
  readonly attempts: number;
}

/** @param onChange called after each change of the provider's health */
export function createGate(provider: Provider, { attempts, ...limits }: GateOptions, onChange: () => void): Gate {
  const health = createHealthRecord({ models: () => provider.models.map(({ name }) => name), onChange });
  return { health, attempts, ...createAdmission(provider.name, limits) };
}

type GateOf = (provider: Provider) => Gate;

/** The candidates in the order in which they are tried: as given, but those that stand aside last. */
export function inOrder(candidates: readonly Model[], gateOf: GateOf): Model[] {
  const aside = (model: Model) => standsAside(model, gateOf);
  return [...candidates.filter((model) => !aside(model)), ...candidates.filter(aside)];
}

/** Whether a model went down while a call waited for its place, and another is left that is not down. */
export function isOvertaken(model: Model, others: readonly Model[], gateOf: GateOf): boolean {
  return standsAside(model, gateOf) && others.some((other) => !standsAside(other, gateOf));
}

function standsAside({ provider, name }: Model, gateOf: GateOf): boolean {
  return gateOf(provider).health.standsAside(name);
}
