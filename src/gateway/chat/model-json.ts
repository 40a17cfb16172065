import { isObject, parseJson } from '../../providers/http/json.ts';

/** As deep as JSON may be nested that is written again: what is far deeper can be read, but not written. */
const MAX_DEPTH = 500;

/** What a model wrote. Undefined for what is no JSON, and for what is nested too deep to be handed on. */
export function parseModelJson(text: string): unknown {
  const value = parseJson(text);
  return isDeeper(value, MAX_DEPTH) ? undefined : value;
}

/** Lists no values, as that would cost more than to read them all. */
function isDeeper(value: unknown, levels: number): boolean {
  if (!isObject(value)) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) return value.some((one) => isDeeper(one, levels - 1));
  for (const name in value) if (isDeeper(value[name], levels - 1)) return true;
  return false;
}
