import type { Provider } from '../providers/provider.ts';
import type { Model } from './model.ts';
import type { ProviderAccess } from './provider-access.ts';

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
