import type { Provider } from '../providers/provider.ts';
import { type AdmissionLimits, createAdmission } from './admission.ts';
import { createHealthRecord, type HealthRecord, type Observation } from './health.ts';
import type { Model } from './registry.ts';

/** One call's stay at a provider: what is seen of it, and its place, which `end` frees. */
export type Stay = Observation;

/** The way to one provider: every call goes through it. */
export interface Gate {
  readonly health: HealthRecord;
  /** Waits for a place. @throws as `Admission.enter` does, which is no failure of the provider's. */
  enter(signal: AbortSignal): Promise<Stay>;
}

/** @param onChange called after each change of the provider's health */
export function createGate({ name }: Provider, limits: AdmissionLimits, onChange: () => void): Gate {
  const health = createHealthRecord(onChange);
  const admission = createAdmission(name, limits);
  return {
    health,
    async enter(signal) {
      const leave = await admission.enter(signal);
      const seen = health.begin();
      return {
        ...seen,
        end() {
          seen.end();
          leave();
        },
      };
    },
  };
}

/** The candidates in the order in which they are tried: as given, but those that stand aside last. */
export function inOrder(candidates: readonly Model[], gateOf: (provider: Provider) => Gate): readonly Model[] {
  const aside = (model: Model) => gateOf(model.provider).health.standsAside();
  return [...candidates.filter((model) => !aside(model)), ...candidates.filter(aside)];
}
