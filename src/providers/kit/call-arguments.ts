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

/**
 * The same as text, to the letter where it is that of an object. Many servers parse the calls of a history, and refuse
 * all that comes after one that is none: https://github.com/vllm-project/vllm/issues/43995
 */
export function toArgumentsText(text: string): string {
  const args = parseJson(text);
  return isObject(args) && !Array.isArray(args) ? text : JSON.stringify(toArgumentsObject(text));
}
