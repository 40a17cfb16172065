import type { Usage } from '../chat.ts';
import { isObject } from '../http/json.ts';
import { toCount } from '../kit/count.ts';

/**
 * What was read from a cache, and written to one, is not in the input.
 * @see https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html (read 2026-11-27)
 */
export function toUsage(usage: unknown): Usage | null {
  if (!isObject(usage)) return null;
  const input = toCount(usage.inputTokens);
  const read = toCount(usage.cacheReadInputTokens);
  const written = toCount(usage.cacheWriteInputTokens);
  const completionTokens = toCount(usage.outputTokens);
  const totalTokens = toCount(usage.totalTokens);
  if ((input ?? completionTokens ?? totalTokens) === null) return null;
  return {
    promptTokens: input === null ? null : toCount(input + (read ?? 0) + (written ?? 0)),
    cachedPromptTokens: read,
    cacheWriteTokens: written,
    completionTokens,
    reasoningTokens: null,
    totalTokens,
  };
}
