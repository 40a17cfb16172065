import { type Capabilities, mergeCapabilities } from '../capabilities.ts';
import { familyOf, ofReasoning, throughResponses } from '../responses/families.ts';

/** Whether a model reasons, which is asked in another way: as it is configured, or else as its name tells. Null: not known. */
export function reasons(name: string, configured: Partial<Capabilities> = {}): boolean | null {
  return configured.reasoning ?? familyOf(name)?.reasoning ?? null;
}

interface Sources {
  readonly configured?: Partial<Capabilities> | undefined;
  /** What the server tells of it. */
  readonly listed?: Partial<Capabilities> | undefined;
  /** What else is known. */
  readonly others: readonly Partial<Capabilities>[];
}

/** What a model can be asked for over `/responses`. */
export function fromResponsesModel(name: string, { configured, listed, others }: Sources): Capabilities {
  const ofFamily = ofReasoning(reasons(name, configured));
  const newest = familyOf(name)?.reasoning ? ({ inputs: ['TEXT', 'IMAGE', 'FILE'] } as const) : {};
  return throughResponses(mergeCapabilities(configured, listed, ofFamily, ...others, newest));
}
