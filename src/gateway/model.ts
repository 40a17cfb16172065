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
  readonly provider: Provider;
}
