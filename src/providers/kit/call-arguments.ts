import { isObject, type Json, parseJson } from '../http/json.ts';

/**
 * The arguments of a call as an object, for those who take them as nothing else. What is none goes back in one, as
 * Anthropic advises.
 * @see https://platform.claude.com/docs/en/agents-and-tools/tool-use/fine-grained-tool-streaming (invalid JSON, read 2026-11-27)
 */
export function toArgumentsObject(text: string): Json {
  if (text.trim() === '') return {};
  const args = parseJson(text);
  return isObject(args) && !Array.isArray(args) ? args : { INVALID_JSON: text };
}
