import { expect, test } from 'vitest';
import { mergeUsage, toUsage } from '../../../src/providers/chat-completions/usage.ts';

const counted = { prompt_tokens: 100, completion_tokens: 5, total_tokens: 105 };

const CACHES: readonly (readonly [server: string, usage: object, read: number | null, written: number | null])[] = [
  ['OpenAI', { prompt_tokens_details: { cached_tokens: 64 } }, 64, null],
  ['OpenRouter', { prompt_tokens_details: { cached_tokens: 10, cache_write_tokens: 80 } }, 10, 80],
  ['DeepSeek', { prompt_cache_hit_tokens: 64, prompt_cache_miss_tokens: 36 }, 64, null],
  ['Moonshot', { cached_tokens: 32 }, 32, null],
  [
    'a proxy to Anthropic',
    { cache_read_input_tokens: 50, cache_creation_input_tokens: 40, prompt_tokens_details: { cached_tokens: 50 } },
    50,
    40,
  ],
  ['a server without a cache', { prompt_tokens_details: null }, null, null],
  ['a server that counts in words', { prompt_tokens_details: { cached_tokens: 'many' } }, null, null],
];

test.for(CACHES)('tokens of the cache are those that %s counted', ([_server, usage, read, written]) => {
  expect(toUsage({ ...counted, ...usage })).toEqual({
    promptTokens: 100,
    cachedPromptTokens: read,
    cacheWriteTokens: written,
    completionTokens: 5,
    reasoningTokens: null,
    totalTokens: 105,
  });
});

test('a usage without a count of the cache takes none away that is known', () => {
  const known = toUsage({ ...counted, prompt_tokens_details: { cached_tokens: 64 } });
  expect(mergeUsage(known, toUsage(counted))).toEqual(known);
});
