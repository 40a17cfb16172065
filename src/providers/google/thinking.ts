import { REASONING_EFFORTS, type ReasoningEffort } from '../capabilities.ts';
import { type Budget, LEVELS, type Level, type Levels, type Ways } from './families.ts';

/** What asks for this much thinking, and, unless that is none, to see it. Undefined: it is left to the model. */
export function toThinkingConfig(
  effort: ReasoningEffort | undefined,
  thinking: Ways['thinking'],
): Readonly<Record<string, unknown>> | undefined {
  if (effort === undefined) return undefined;
  const includeThoughts = effort === 'NONE' ? undefined : true;
  if (thinking === null) return includeThoughts && { includeThoughts };
  return 'levels' in thinking
    ? { thinkingLevel: toLevel(effort, thinking), includeThoughts }
    : { thinkingBudget: toBudget(effort, thinking), includeThoughts };
}

/** The nearest; of two that are as near, the one that thinks more. */
function toLevel(effort: ReasoningEffort, { levels }: Levels): Level | undefined {
  const wanted = REASONING_EFFORTS.indexOf(effort);
  const distance = (level: Level) => Math.abs(LEVELS.indexOf(level) + 1 - wanted);
  return levels.toReversed().toSorted((a, b) => distance(a) - distance(b))[0];
}

function toBudget(effort: ReasoningEffort, { least, most, canRest }: Budget): number {
  if (effort === 'NONE') return canRest ? 0 : least;
  return Math.min(most, Math.max(least, BUDGETS[effort]));
}

/** As Google understands the efforts of OpenAI: https://ai.google.dev/gemini-api/docs/openai#thinking (read 2026-11-27) */
const BUDGETS: Readonly<Record<Exclude<ReasoningEffort, 'NONE'>, number>> = {
  MINIMAL: 512,
  LOW: 1024,
  MEDIUM: 8192,
  HIGH: 24_576,
  MAX: 32_768,
};
