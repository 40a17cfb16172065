import type { ReasoningEffort } from '../capabilities.ts';
import { type EffortWord, nearestEffort } from '../kit/effort-words.ts';
import type { ChatDialect } from './chat-dialect.ts';

type Field = ChatDialect['reasoningFields'][number];

/** The fields of a request that ask for this much reasoning, as a server has them. */
export function toReasoningFields(
  effort: ReasoningEffort,
  { reasoningFields, reasoningEfforts }: Pick<ChatDialect, 'reasoningFields' | 'reasoningEfforts'>,
): Readonly<Record<string, unknown>> {
  const isOn = effort !== 'NONE';
  const switches = reasoningFields.filter((field) => field in SWITCHES);
  // What is switched off has no effort.
  const fields = isOn || switches.length === 0 ? reasoningFields : switches;
  const word = nearestEffort(effort, reasoningEfforts);
  return Object.fromEntries(fields.map((field) => [field, toValue(field, isOn, word)]));
}

const SWITCHES = {
  thinking: (isOn: boolean) => ({ type: isOn ? 'enabled' : 'disabled' }),
  enable_thinking: (isOn: boolean) => isOn,
  prompt_mode: (isOn: boolean) => (isOn ? 'reasoning' : null),
} as const;

function toValue(field: Field, isOn: boolean, word: EffortWord): unknown {
  if (field === 'reasoning_effort') return word;
  return field === 'reasoning' ? { effort: word } : SWITCHES[field](isOn);
}
