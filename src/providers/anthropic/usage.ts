import type { Usage } from '../chat.ts';
import { isObject, type Json } from '../http/json.ts';
import { toCount } from '../kit/count.ts';

/** What the events of an answer have counted so far: each tells some of it, or all again. */
export type Counts = Readonly<Record<(typeof FIELDS)[number], number | null>>;

const FIELDS = [
  'input_tokens',
  'cache_creation_input_tokens',
  'cache_read_input_tokens',
  'output_tokens',
  'thinking_tokens',
] as const;

/** The counts that come later win, but for zeros: some send those last. */
export function mergeCounts(known: Counts | null, usage: unknown): Counts | null {
  if (!isObject(usage)) return known;
  const told: Json = isObject(usage.output_tokens_details) ? { ...usage.output_tokens_details, ...usage } : usage;
  const merged = FIELDS.map((field) => [field, toCount(told[field]) || (known?.[field] ?? toCount(told[field]))]);
  return Object.fromEntries(merged);
}

/** What is read from a cache, and written to one, is not in the input; no total is told. */
export function toUsage(counts: Counts | null): Usage | null {
  if (counts === null || Object.values(counts).every((count) => count === null)) return null;
  const { input_tokens: input, cache_creation_input_tokens: written, cache_read_input_tokens: read } = counts;
  return {
    promptTokens: input === null ? null : toCount(input + (written ?? 0) + (read ?? 0)),
    cachedPromptTokens: read,
    cacheWriteTokens: written,
    completionTokens: counts.output_tokens,
    reasoningTokens: counts.thinking_tokens,
    totalTokens: null,
  };
}
