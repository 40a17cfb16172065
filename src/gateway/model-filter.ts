import type { Modality } from '../providers/capabilities.ts';
import type { ModelKind } from '../providers/provider.ts';
import type { Model } from './model.ts';

/** Which models are meant. What is not known of one counts as what it does not do. */
export interface ModelFilter {
  readonly kind?: ModelKind | null | undefined;
  readonly provider?: string | null | undefined;
  readonly working?: boolean | null | undefined;
  /** Those that take all of these. */
  readonly inputs?: readonly Modality[] | null | undefined;
  readonly tools?: boolean | null | undefined;
  readonly structuredOutput?: boolean | null | undefined;
}

export function isMeant({ kind, provider, capabilities }: Model, filter: ModelFilter): boolean {
  return (
    (filter.kind == null || kind === filter.kind) &&
    (filter.provider == null || provider.id === filter.provider) &&
    (filter.working == null || provider.working === filter.working) &&
    (filter.inputs ?? []).every((input) => capabilities.inputs?.includes(input)) &&
    (filter.tools == null || (capabilities.tools ?? false) === filter.tools) &&
    (filter.structuredOutput == null || (capabilities.structuredOutput ?? false) === filter.structuredOutput)
  );
}
