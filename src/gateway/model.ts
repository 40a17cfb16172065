import type { Capabilities } from '../providers/capabilities.ts';
import type { ModelKind, Provider } from '../providers/provider.ts';

/** A model of a provider, as it can be asked for. */
export interface Model {
  /** The provider's id, `/`, and the model's name. */
  readonly id: string;
  readonly name: string;
  readonly kind: ModelKind;
  /** The provider's and the configured ones. */
  readonly aliases: readonly string[];
  readonly isDefault: boolean;
  readonly capabilities: Capabilities;
  readonly provider: Provider;
}

/** A model as it was listed: plain data, which can leave the process and outlives the list. */
export type ListedModel = Omit<Model, 'provider'> & { readonly providerId: string };

export function toListed({ provider, ...model }: Model): ListedModel {
  return { ...model, providerId: provider.id };
}
