import { ProviderError } from '../errors.ts';
import { isObject } from '../http/json.ts';

/** The arguments of a call that come value by value, as Vertex AI sends them where it is asked to. */
export interface PartialArguments {
  /** @throws ProviderError `BAD_RESPONSE` for a place that cannot be */
  add(pieces: unknown): void;
  /** All of them so far, as JSON. */
  readonly text: string;
}

type Key = string | number;
type Holder = Record<Key, unknown>;

/**
 * @param name the upstream's, as messages show it
 * @see https://docs.cloud.google.com/vertex-ai/generative-ai/docs/multimodal/function-calling (streaming of arguments, read 2026-11-27)
 */
export function createPartialArguments(name: string): PartialArguments {
  const root: Holder = Object.create(null);

  function set(path: readonly Key[], value: unknown) {
    let holder = root;
    for (const [at, key] of path.entries()) {
      const next = path[at + 1];
      if (typeof key === 'number' && key > (holder.length as number)) throw misplaced();
      if (next === undefined) {
        const known = holder[key];
        holder[key] = typeof known === 'string' && typeof value === 'string' ? known + value : value;
        return;
      }
      const isList = typeof next === 'number';
      holder[key] ??= isList ? [] : Object.create(null);
      if (!isObject(holder[key]) || Array.isArray(holder[key]) !== isList) throw misplaced();
      holder = holder[key] as Holder;
    }
  }

  const misplaced = () => new ProviderError('BAD_RESPONSE', `${name} sent an argument in a place that cannot be`);

  return {
    add(pieces) {
      for (const piece of Array.isArray(pieces) ? pieces : []) {
        const path = isObject(piece) ? toPath(piece.jsonPath) : undefined;
        if (!isObject(piece) || path === undefined) throw misplaced();
        const field = VALUES.find((one) => piece[one] !== undefined);
        if (field !== undefined) set(path, field === 'nullValue' ? null : piece[field]);
      }
    },
    get text() {
      return JSON.stringify(root);
    },
  };
}

const VALUES = ['stringValue', 'numberValue', 'boolValue', 'nullValue'] as const;
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\['([^']*)'\]|\["([^"]*)"\]/y;

/** Of `$.days[0]["first name"]` the keys; undefined for what is no such path. */
function toPath(jsonPath: unknown): readonly Key[] | undefined {
  if (typeof jsonPath !== 'string' || !jsonPath.startsWith('$')) return undefined;
  const keys: Key[] = [];
  STEP.lastIndex = 1;
  for (let at = 1; at < jsonPath.length; at = STEP.lastIndex) {
    const [, key, index, single, double] = STEP.exec(jsonPath) ?? [];
    const found = index === undefined ? (key ?? single ?? double) : Number(index);
    if (found === undefined) return undefined;
    keys.push(found);
  }
  return keys.length > 0 && typeof keys[0] === 'string' ? keys : undefined;
}
