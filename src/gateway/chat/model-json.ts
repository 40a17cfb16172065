import { parseJson } from '../../providers/http/json.ts';

/** As deep as JSON may be nested that is written again: what is far deeper can be read, but not written. */
const MAX_DEPTH = 500;

/** What a model wrote. Undefined for what is no JSON, and for what is nested too deep to be handed on. */
export function parseModelJson(text: string): unknown {
  const value = parseJson(text);
  return isDeeper(value, MAX_DEPTH) ? undefined : value;
}

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((one) => isDeeper(one, levels - 1));
}
