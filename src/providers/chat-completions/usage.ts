import type { Usage } from '../chat.ts';
import { isObject } from '../http/json.ts';

/** The counts of a usage that comes later win, but for zeros: some send those last. */
export function mergeUsage(known: Usage | null, next: Usage | null): Usage | null {
  if (known === null || next === null) return next ?? known;
  const merge = (field: keyof Usage) => next[field] || (known[field] ?? next[field]);
  return {
    promptTokens: merge('promptTokens'),
    cachedPromptTokens: merge('cachedPromptTokens'),
    cacheWriteTokens: merge('cacheWriteTokens'),
    completionTokens: merge('completionTokens'),
    reasoningTokens: merge('reasoningTokens'),
    totalTokens: merge('totalTokens'),
  };
}

/** As it was sent, xAI's total with tokens in it that the others do not count; null where nothing is counted. */
export function toUsage(usage: unknown): Usage | null {
  if (!isObject(usage)) return null;
  const { prompt_tokens_details: read, completion_tokens_details: details } = usage;
  // DeepSeek: https://api-docs.deepseek.com/guides/kv_cache
  const cachedPromptTokens = toCount((isObject(read) ? read.cached_tokens : null) ?? usage.prompt_cache_hit_tokens);
  const cacheWriteTokens = isObject(read) ? toCount(read.cache_write_tokens) : null;
  const promptTokens = toCount(usage.prompt_tokens);
  const completionTokens = toCount(usage.completion_tokens);
  const reasoningTokens = isObject(details) ? toCount(details.reasoning_tokens) : null;
  const totalTokens = toCount(usage.total_tokens);
  if ((promptTokens ?? completionTokens ?? reasoningTokens ?? totalTokens) === null) return null;
  return { promptTokens, cachedPromptTokens, cacheWriteTokens, completionTokens, reasoningTokens, totalTokens };
}

/** GraphQL's Int holds no more. */
const MAX_COUNT = 2 ** 31 - 1;

function toCount(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_COUNT ? value : null;
}
