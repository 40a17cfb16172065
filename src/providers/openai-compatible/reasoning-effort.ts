import type { ReasoningEffort } from '../capabilities.ts';
import { type ChatDialect, EFFORT_WORDS } from './chat-dialect.ts';

type Word = (typeof EFFORT_WORDS)[number];
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
  const word = nearestWord(effort, reasoningEfforts);
  return Object.fromEntries(fields.map((field) => [field, toValue(field, isOn, word)]));
}

const SWITCHES = {
  thinking: (isOn: boolean) => ({ type: isOn ? 'enabled' : 'disabled' }),
  enable_thinking: (isOn: boolean) => isOn,
  prompt_mode: (isOn: boolean) => (isOn ? 'reasoning' : null),
} as const;

function toValue(field: Field, isOn: boolean, word: Word): unknown {
  if (field === 'reasoning_effort') return word;
  return field === 'reasoning' ? { effort: word } : SWITCHES[field](isOn);
}

/** Of two that are as near, the one that thinks more. */
function nearestWord(effort: ReasoningEffort, words: readonly Word[]): Word {
  const wanted = EFFORT_WORDS.indexOf(effort.toLowerCase() as Lowercase<ReasoningEffort>);
  const [nearest = 'none'] = words
    .map((word) => ({ word, at: EFFORT_WORDS.indexOf(word) }))
    .toSorted((a, b) => Math.abs(a.at - wanted) - Math.abs(b.at - wanted) || b.at - a.at)
    .map(({ word }) => word);
  return nearest;
}
