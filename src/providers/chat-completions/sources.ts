import type { Source } from '../chat.ts';
import { isObject, type Json } from '../http/json.ts';

const NONE: readonly Source[] = [];

/**
 * What a chunk says that the answer cites; some say all of it with every chunk.
 * - Perplexity, beside the choices: https://docs.perplexity.ai/api-reference/chat-completions-post
 * - OpenAI and OpenRouter, within what is said: https://openrouter.ai/docs/features/web-search
 */
export function toSources({ search_results, citations }: Json, said: Json | null): readonly Source[] {
  const annotations = said?.annotations;
  if (search_results == null && citations == null && annotations == null) return NONE;
  const lists = [search_results, citations, annotations].filter(Array.isArray);
  return lists.flat().flatMap(toSource);
}

/** None for what is no link that a page could show. */
function toSource(item: unknown): Source[] {
  const { url_citation } = Object(item) as Json;
  const { url, title } = Object(url_citation ?? item) as Json;
  const link = typeof item === 'string' ? item : url;
  if (typeof link !== 'string' || !/^https?:\/\//i.test(link)) return [];
  return [{ url: link, title: isObject(item) && typeof title === 'string' && title !== '' ? title : null }];
}
