import type { ReasoningEffort } from '../capabilities.ts';

/** Upstreams' words for how much a model thinks, from the least. */
export const EFFORT_WORDS = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;

export type EffortWord = (typeof EFFORT_WORDS)[number];

/** Of the words that there are. Of two that are as near, the one that thinks more. */
export function nearestEffort(effort: ReasoningEffort, words: readonly EffortWord[]): EffortWord {
  const wanted = EFFORT_WORDS.indexOf(effort.toLowerCase() as Lowercase<ReasoningEffort>);
  const [nearest = 'none'] = words
    .map((word) => ({ word, at: EFFORT_WORDS.indexOf(word) }))
    .toSorted((a, b) => Math.abs(a.at - wanted) - Math.abs(b.at - wanted) || b.at - a.at)
    .map(({ word }) => word);
  return nearest;
}
