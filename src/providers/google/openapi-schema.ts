import { ProviderError } from '../errors.ts';
import { isObject, type Json } from '../http/json.ts';

type Schema = Record<string, unknown>;

/**
 * A JSON Schema as the subset of OpenAPI's that parameters are told in. What the subset has no word for is left out, as
 * that steers the model alone; references are replaced by what they mean.
 * @param what it is of, for messages
 * @throws ProviderError `REJECTED` for a reference that leads to itself, or nowhere
 * @see https://ai.google.dev/api/caching#Schema (read 2026-11-27)
 */
export function toOpenApiSchema(root: unknown, what: string): Schema {
  const refuse = (problem: string) => new ProviderError('REJECTED', `${what}: ${problem}, which Google does not take`);
  let schemas = 0;
  let depth = 0;

  function resolve(ref: unknown, within: readonly string[]): unknown {
    if (typeof ref !== 'string' || !/^#(\/|$)/.test(ref)) throw refuse(`a reference to '${ref}'`);
    if (within.includes(ref)) throw refuse(`'${ref}' leads back to itself`);
    const keys = ref.split('/').slice(1).map(decodePointer);
    const found = keys.reduce<unknown>(
      (value, key) => (isObject(value) && key !== undefined ? value[key] : undefined),
      root,
    );
    if (found === undefined) throw refuse(`a reference to '${ref}', where there is nothing`);
    return found;
  }

  /** @param within the references that led here */
  function convert(schema: unknown, within: readonly string[]): Schema {
    if (++schemas > MAX_SCHEMAS || ++depth > MAX_DEPTH)
      throw refuse('more than 10,000 schemas, or 100 within each other');
    const converted = isObject(schema) ? convertObject(schema, within) : {};
    depth--;
    return converted;
  }

  function convertObject(schema: Json, within: readonly string[]): Schema {
    if (schema.$ref !== undefined) {
      const { $ref, ...beside } = schema;
      const meant = resolve($ref, within);
      const inner = [...within, String($ref)];
      return convert({ ...(isObject(meant) && meant), ...beside }, inner);
    }
    const { allOf, ...others } = schema;
    if (Array.isArray(allOf)) return joinAll([others, ...allOf].map((one) => convert(one, within)));
    const { type, anyOf, oneOf } = schema;
    if (Array.isArray(type))
      return toChoices(
        type.map((one) => ({ ...schema, type: one })),
        within,
      );
    return { ...toChoices(anyOf ?? oneOf, within), ...toPlain(schema, within) };
  }

  function toChoices(some: unknown, within: readonly string[]): Schema {
    if (!Array.isArray(some)) return {};
    const values = some.filter((one) => !isObject(one) || one.type !== 'null');
    const nullable = values.length < some.length ? { nullable: true } : {};
    const choices = values.map((one) => convert(one, within)).filter((one) => Object.keys(one).length > 0);
    const [only] = choices;
    if (choices.length > 1) return { anyOf: choices, ...nullable };
    return { ...only, ...nullable };
  }

  function toPlain(schema: Json, within: readonly string[]): Schema {
    const { type, properties, items, prefixItems, required } = schema;
    const plain: Schema = Object.fromEntries(
      KEPT.map((key) => [key, schema[key]]).filter(([, value]) => value != null),
    );
    if (typeof type === 'string') plain.type = type;
    if (FORMATS.has(schema.format)) plain.format = schema.format;
    const isOf = (expected: string) => type === undefined || type === expected;
    if (isOf('object') && isObject(properties) && Object.keys(properties).length > 0) {
      plain.type = 'object';
      plain.properties = Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, convert(property, within)]),
      );
      const named = Array.isArray(required) ? required.filter((name) => Object.hasOwn(properties, name)) : [];
      if (named.length > 0) plain.required = named;
    }
    if (type === 'array' || (isOf('array') && (items ?? prefixItems) !== undefined)) {
      plain.type = 'array';
      plain.items = toItems(items, prefixItems, within);
    }
    return { ...plain, ...toEnum(schema) };
  }

  /** A list has to say what is in it. */
  function toItems(items: unknown, prefixItems: unknown, within: readonly string[]): Schema {
    const anyOf = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : null;
    const converted = convert(anyOf ? { anyOf } : items, within);
    return Object.keys(converted).length > 0 ? converted : { type: 'string' };
  }

  return convert(root, []);
}

/** References may make much of little. */
const MAX_SCHEMAS = 10_000;
const MAX_DEPTH = 100;

/** Those that mean the same in both. */
const KEPT = [
  ...['title', 'description', 'nullable', 'minItems', 'maxItems', 'minProperties', 'maxProperties'],
  ...['minLength', 'maxLength', 'pattern', 'minimum', 'maximum', 'propertyOrdering'],
];
const FORMATS: ReadonlySet<unknown> = new Set(['date-time', 'float', 'double', 'int32', 'int64']);

/** Only texts are listed; other values are told in words. */
function toEnum({ enum: listed, const: only, type, description }: Json): Schema {
  const all = Array.isArray(listed) ? listed : only === undefined ? [] : [only];
  const values = all.filter((value) => value !== null);
  const nullable = values.length < all.length ? { nullable: true } : {};
  if (values.length === 0) return nullable;
  if (values.every((value) => typeof value === 'string')) return { type: 'string', enum: values, ...nullable };
  const words = `One of ${values.map((value) => JSON.stringify(value)).join(', ')}.`;
  return {
    ...(type === undefined && { type: typeOf(values[0]) }),
    description: typeof description === 'string' ? `${description} ${words}` : words,
    ...nullable,
  };
}

function typeOf(value: unknown): string {
  return Array.isArray(value) ? 'array' : typeof value;
}

/** Schemas that all have to hold, as one. */
function joinAll(schemas: readonly Schema[]): Schema {
  const list = (key: string) => schemas.flatMap((schema) => (schema[key] as readonly unknown[] | undefined) ?? []);
  const properties = Object.assign({}, ...schemas.map((schema) => schema.properties));
  const required = [...new Set(list('required'))];
  return {
    ...Object.assign({}, ...schemas),
    ...(Object.keys(properties).length > 0 && { properties }),
    ...(required.length > 0 && { required }),
  };
}

/** Undefined for what is no part of a reference. */
function decodePointer(key: string): string | undefined {
  try {
    return decodeURIComponent(key).replaceAll('~1', '/').replaceAll('~0', '~');
  } catch {
    return undefined; // A percent sign that encodes nothing.
  }
}
