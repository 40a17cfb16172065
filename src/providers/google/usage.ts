import type { Usage } from '../chat.ts';
import { isObject } from '../http/json.ts';
import { toCount } from '../kit/count.ts';

/** What the chunks of an answer have counted so far: each counts all that there was, and may leave some of it out. */
export type Counts = Readonly<Record<(typeof FIELDS)[number], number | null>>;

const FIELDS = [
  'promptTokenCount',
  'cachedContentTokenCount',
  'candidatesTokenCount',
  'thoughtsTokenCount',
  'totalTokenCount',
] as const;

/** https://ai.google.dev/api/generate-content#UsageMetadata */
export function mergeCounts(known: Counts | null, usage: unknown): Counts | null {
  if (!isObject(usage)) return known;
  const merged = FIELDS.map((field) => [field, toCount(usage[field]) ?? known?.[field] ?? null]);
  return Object.fromEntries(merged);
}

/** Thoughts are not in the candidate's tokens, and are told apart. */
export function toUsage(counts: Counts | null): Usage | null {
  if (counts === null || Object.values(counts).every((count) => count === null)) return null;
  const { candidatesTokenCount: said, thoughtsTokenCount: thought } = counts;
  return {
    promptTokens: counts.promptTokenCount,
    cachedPromptTokens: counts.cachedContentTokenCount,
    cacheWriteTokens: null,
    completionTokens: said === null && thought === null ? null : toCount((said ?? 0) + (thought ?? 0)),
    reasoningTokens: thought,
    totalTokens: counts.totalTokenCount,
  };
}
