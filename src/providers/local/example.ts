import { isObject, type Json } from '../http/json.ts';
import { exampleNumber, exampleText } from './example-values.ts';

/** Of everything in one example, as a schema may ask for millions. What is beyond it is null. */
const MAX_WORK = 2000;
const MAX_DEPTH = 100;
/** Deeper than this there is only what is required. */
const MAX_OPTIONAL_DEPTH = 4;

/**
 * A value that fits a JSON Schema, always the same: its `const`, `default`, or the first of its `enum` or `examples`, or
 * else the plainest of its type, with every property that is named. Patterns, conditions, `not` and references to names
 * are passed over.
 */
export function makeExample(schema: unknown): unknown {
  let left = MAX_WORK;

  /** @param nth the values of one list differ by it */
  function make(part: unknown, depth: number, nth = 0): unknown {
    if (--left < 0 || depth > MAX_DEPTH) return null;
    const whole = isObject(part) ? resolve(part) : {};
    const { const: constant, enum: values, default: standard, examples } = whole;
    if (constant !== undefined) return weigh(constant);
    if (Array.isArray(values) && values.length > 0) return weigh(values[nth % values.length]);
    if (standard !== undefined) return weigh(standard);
    if (Array.isArray(examples) && examples.length > 0) return weigh(examples[nth % examples.length]);
    switch (toType(whole)) {
      case 'object':
        return makeObject(whole, depth);
      case 'array':
        return makeArray(whole, depth);
      case 'number':
      case 'integer':
        return exampleNumber(whole, nth);
      case 'boolean':
        return nth % 2 === 0;
      case 'null':
        return null;
      default:
        return weigh(exampleText(whole, nth));
    }
  }

  function weigh(value: unknown): unknown {
    left -= JSON.stringify(value).length / 100;
    return value;
  }

  function makeObject({ properties, required, minProperties, additionalProperties = {} }: Json, depth: number): Json {
    const named = isObject(properties) ? properties : {};
    const needed = Array.isArray(required) ? required.map(String) : [];
    const entries = new Map<string, unknown>();
    for (const name of depth < MAX_OPTIONAL_DEPTH ? [...Object.keys(named), ...needed] : needed) {
      const part = Object.hasOwn(named, name) ? named[name] : additionalProperties;
      if (part !== false && !entries.has(name)) entries.set(name, make(part, depth + 1));
    }
    const others = [...Object.keys(named), ...Array.from({ length: 100 }, (_, at) => `property${at + 1}`)];
    for (const name of others) {
      if (entries.size >= Number(minProperties ?? 0)) break;
      if (!entries.has(name)) entries.set(name, make(named[name] ?? additionalProperties, depth + 1));
    }
    return Object.fromEntries(entries);
  }

  function makeArray({ items = {}, prefixItems = [], minItems = 0, maxItems }: Json, depth: number): unknown[] {
    // Draft 7 has the first ones in `items` itself.
    const [first, rest] = Array.isArray(items) ? [items, {}] : [prefixItems as readonly unknown[], items];
    const wanted = depth < MAX_OPTIONAL_DEPTH && rest !== false ? Math.max(1, first.length) : first.length;
    const length = Math.max(Number(minItems), Math.min(wanted, Number(maxItems ?? wanted)));
    const values: unknown[] = [];
    while (values.length < length && left > 0)
      values.push(make(first[values.length] ?? rest, depth + 1, values.length));
    return values;
  }

  /** With what it refers to, with all that has to hold, and with the first of what may. */
  function resolve({ $ref, allOf, anyOf, oneOf, ...own }: Json, hops = 0): Json {
    const others = [
      typeof $ref === 'string' ? lookUp($ref) : undefined,
      ...(Array.isArray(allOf) ? allOf : []),
      ...[anyOf, oneOf].map((some) => (Array.isArray(some) ? some[0] : undefined)),
    ];
    let whole: Json = own;
    for (const other of others) {
      if (isObject(other) && --left > 0 && hops < MAX_DEPTH) whole = merge(whole, resolve(other, hops + 1));
    }
    return whole;
  }

  function merge(one: Json, other: Json): Json {
    const required = [one.required ?? [], other.required ?? []].flat();
    const properties: Json = { ...Object(other.properties), ...Object(one.properties) };
    const names = Object.keys(properties).length;
    left -= (required.length + names) / 10;
    const both = { ...other, ...one };
    return { ...both, ...(required.length > 0 ? { required } : {}), ...(names > 0 ? { properties } : {}) };
  }

  /** What stands at a JSON pointer in the schema itself. */
  function lookUp($ref: string): unknown {
    left -= $ref.length / 100;
    if (!/^#(\/|$)/.test($ref)) return undefined;
    let part = schema;
    for (const step of decodeURIComponent($ref).split('/').slice(1)) {
      const name = step.replaceAll('~1', '/').replaceAll('~0', '~');
      part = isObject(part) && Object.hasOwn(part, name) ? part[name] : undefined;
    }
    return part;
  }

  return make(schema, 0);
}

/** As it says, or as its keywords tell. */
function toType({ type, ...schema }: Json): unknown {
  if (type !== undefined) return Array.isArray(type) ? type[0] : type;
  const has = (...keywords: readonly string[]) => keywords.some((keyword) => schema[keyword] !== undefined);
  if (has('properties', 'required', 'minProperties', 'additionalProperties')) return 'object';
  if (has('items', 'prefixItems', 'minItems')) return 'array';
  if (has('minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf')) return 'number';
  return 'string';
}
