import type { Usage } from '../chat.ts';
import { isObject, type Json } from '../http/json.ts';
import { toCount } from '../kit/count.ts';

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
  const { completion_tokens_details: details } = usage;
  const { cachedPromptTokens, cacheWriteTokens } = toCached(usage);
  const promptTokens = toCount(usage.prompt_tokens);
  const completionTokens = toCount(usage.completion_tokens);
  const reasoningTokens = isObject(details) ? toCount(details.reasoning_tokens) : null;
  const totalTokens = toCount(usage.total_tokens);
  if ((promptTokens ?? completionTokens ?? reasoningTokens ?? totalTokens) === null) return null;
  return { promptTokens, cachedPromptTokens, cacheWriteTokens, completionTokens, reasoningTokens, totalTokens };
}

/**
 * What of the prompt was read from a cache, and written to one: by OpenAI and OpenRouter in the details, by others beside
 * them. https://api-docs.deepseek.com/guides/kv_cache, https://openrouter.ai/docs/guides/best-practices/prompt-caching
 */
function toCached(usage: Json): Pick<Usage, 'cachedPromptTokens' | 'cacheWriteTokens'> {
  const details = isObject(usage.prompt_tokens_details) ? usage.prompt_tokens_details : {};
  const { prompt_cache_hit_tokens, cached_tokens, cache_creation_input_tokens } = usage;
  return {
    cachedPromptTokens: toCount(details.cached_tokens ?? prompt_cache_hit_tokens ?? cached_tokens),
    cacheWriteTokens: toCount(details.cache_write_tokens ?? cache_creation_input_tokens),
  };
}
