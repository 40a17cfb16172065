import type { ReasoningEffort } from '../capabilities.ts';
import type { Ways } from './families.ts';
import type { History } from './messages.ts';

interface ThinkingContext {
  readonly ways: Ways;
  readonly maxTokens: number;
  readonly messages: History['messages'];
}

interface Thinking {
  readonly thinking?: object;
  /** Of `output_config`. */
  readonly effort?: string;
}

/** How a model is asked to think: https://platform.claude.com/docs/en/build-with-claude/thinking */
export function toThinking(
  effort: ReasoningEffort | undefined,
  { ways, maxTokens, messages }: ThinkingContext,
): Thinking {
  if (effort === undefined || ways.thinking === null) return {};
  if (effort === 'NONE') return { thinking: { type: 'disabled' } }; // Some think unless they are told not to.
  if (ways.thinking === 'adaptive') {
    return { thinking: { type: 'adaptive', display: 'summarized' }, effort: EFFORTS[effort] };
  }
  if (!mayThink(messages)) return {};
  const budget = Math.max(LEAST_BUDGET, Math.floor(maxTokens * BUDGETS[effort]));
  return { thinking: { type: 'enabled', budget_tokens: budget } };
}

type Effort = Exclude<ReasoningEffort, 'NONE'>;

const EFFORTS: Readonly<Record<Effort, string>> = {
  MINIMAL: 'low',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  MAX: 'max',
};

/** Of all that the model may write. */
const BUDGETS: Readonly<Record<Effort, number>> = { MINIMAL: 0, LOW: 1 / 8, MEDIUM: 1 / 4, HIGH: 1 / 2, MAX: 3 / 4 };
const LEAST_BUDGET = 1024;

/** A turn that another model began, without thinking, cannot be gone on with thinking in those that have a budget for it. */
function mayThink(messages: History['messages']): boolean {
  if (messages.at(-1)?.content[0]?.type !== 'tool_result') return true;
  return /thinking$/.test(messages.at(-2)?.content[0]?.type ?? '');
}
