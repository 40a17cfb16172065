import type { Usage } from '../chat.ts';
import { isObject } from '../http/json.ts';
import { toCount } from '../kit/count.ts';

/** Null where nothing is counted. */
export function toUsage(usage: unknown): Usage | null {
  if (!isObject(usage)) return null;
  const input = isObject(usage.input_tokens_details) ? usage.input_tokens_details : {};
  const output = isObject(usage.output_tokens_details) ? usage.output_tokens_details : {};
  const counts = {
    promptTokens: toCount(usage.input_tokens),
    cachedPromptTokens: toCount(input.cached_tokens),
    cacheWriteTokens: toCount(input.cache_write_tokens),
    completionTokens: toCount(usage.output_tokens),
    reasoningTokens: toCount(output.reasoning_tokens),
    totalTokens: toCount(usage.total_tokens),
  };
  return Object.values(counts).every((count) => count === null) ? null : counts;
}
