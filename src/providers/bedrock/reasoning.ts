import type { ReasoningEffort } from '../capabilities.ts';
import type { Json } from '../http/json.ts';
import type { Ways } from './families.ts';
import type { Message } from './messages.ts';

interface ReasoningContext {
  readonly ways: Ways;
  /** Of the answer, reasoning included. */
  readonly maxTokens: number;
  readonly messages: readonly Message[];
}

/**
 * The fields of `additionalModelRequestFields` that ask a model to reason; undefined where nothing is asked of it.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-extended-thinking.html and
 * https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html (read 2026-11-27)
 */
export function toReasoning(
  effort: ReasoningEffort | undefined,
  { ways, maxTokens, messages }: ReasoningContext,
): Json | undefined {
  if (effort === undefined) return undefined;
  switch (ways.reasoning) {
    case 'adaptive':
      if (effort === 'NONE') return OFF;
      return { thinking: { type: 'adaptive', display: 'summarized' }, output_config: { effort: EFFORTS[effort] } };
    case 'budget': {
      if (effort === 'NONE') return OFF;
      if (!mayReason(messages)) return undefined;
      const budget = Math.max(LEAST_BUDGET, Math.floor(maxTokens * BUDGETS[effort]));
      return { thinking: { type: 'enabled', budget_tokens: budget } };
    }
    case 'reasoningConfig':
      if (effort === 'NONE') return { reasoningConfig: { type: 'disabled' } };
      return { reasoningConfig: { type: 'enabled', maxReasoningEffort: LEVELS[effort] } };
    case 'reasoning_effort':
      return { reasoning_effort: effort === 'NONE' ? 'low' : LEVELS[effort] }; // It cannot be switched off.
    case null:
      return undefined;
  }
}

const OFF = { thinking: { type: 'disabled' } };

type Effort = Exclude<ReasoningEffort, 'NONE'>;

const LEVELS: Readonly<Record<Effort, string>> = {
  MINIMAL: 'low',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  MAX: 'high',
};

const EFFORTS: Readonly<Record<Effort, string>> = { ...LEVELS, MAX: 'max' };

/** Of all that the model may write. */
const BUDGETS: Readonly<Record<Effort, number>> = { MINIMAL: 0, LOW: 1 / 8, MEDIUM: 1 / 4, HIGH: 1 / 2, MAX: 3 / 4 };
const LEAST_BUDGET = 1024;

/** A turn that was begun without reasoning, by another model, cannot be gone on with some where there is a budget for it. */
function mayReason(messages: readonly Message[]): boolean {
  if (!messages.at(-1)?.content.some((block) => 'toolResult' in block)) return true;
  return 'reasoningContent' in (messages.at(-2)?.content[0] ?? {});
}
