import type { Answer } from '../conversations/answer.ts';

type Finished = NonNullable<Answer['finished']>;

const inWords = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });

export function inSeconds(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${inWords.format(ms / 1000)} s`;
}

/** Tokens in a second, once the first one has come, as the upstream counts them. Where it does not, characters. */
export function speedOf({ usage, length, firstTokenMs, durationMs }: Finished): string | null {
  const seconds = (durationMs - (firstTokenMs ?? 0)) / 1000;
  if (seconds < 0.05 || length === 0) return null; // It came all at once.
  const tokens = usage?.completionTokens ?? null;
  if (tokens !== null) return `${inWords.format(tokens / seconds)} tokens/s`;
  return `${inWords.format(length / seconds)} characters/s`;
}

export function usageOf(usage: Finished['usage']): string | null {
  if (!usage) return null;
  const { promptTokens, completionTokens, reasoningTokens } = usage;
  const parts = [
    promptTokens !== null && `${promptTokens} in`,
    completionTokens !== null && `${completionTokens} out`,
    reasoningTokens !== null && reasoningTokens > 0 && `${reasoningTokens} of them reasoning`,
  ].filter((part) => typeof part === 'string');
  return parts.length === 0
    ? null
    : `${parts.join(', ')} tokens`.replace(/^(\d+ in), (\d+ out) tokens/, '$1 and $2 tokens');
}
