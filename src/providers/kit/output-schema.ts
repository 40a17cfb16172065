import { isObject, type Json } from '../http/json.ts';

/**
 * A JSON Schema, as far as answers are held to one: what would be refused stands in descriptions, which the model reads.
 * @see https://platform.claude.com/docs/en/build-with-claude/structured-outputs (limitations, read 2026-11-27)
 */
export function toOutputSchema(root: unknown): object {
  /** What is referred to, by its pointer; without a schema while we are in it. */
  const definitions = new Map<string, Definition>([['#', { name: '', schema: null }]]);

  function toPlain(schema: unknown): object {
    if (!isObject(schema) || Array.isArray(schema)) return {};
    const { $ref, properties, items, anyOf = schema.oneOf, allOf } = schema;
    return {
      ...Object.fromEntries(Object.entries(schema).filter(isTaken)),
      ...(typeof $ref === 'string' && toReference($ref)),
      ...(isObject(items) && { items: toPlain(items) }),
      ...(Array.isArray(anyOf) && { anyOf: anyOf.map(toPlain) }),
      ...(Array.isArray(allOf) && { allOf: allOf.map(toPlain) }),
      ...(isObject(properties) && { properties: mapValues(properties, toPlain) }),
      ...((isObject(properties) || schema.type === 'object') && { additionalProperties: false }),
      ...toDescription(schema),
    };
  }

  /** One that leads back to where it stands would have no end: anything may stand there. */
  function toReference(pointer: string): object {
    const { name, schema } = definitions.get(pointer) ?? define(pointer);
    return schema ? { $ref: `#/$defs/${name}` } : {};
  }

  function define(pointer: string): Definition {
    const target = find(root, pointer);
    const last = pointer.slice(pointer.lastIndexOf('/') + 1).replace(/[^\w-]/g, '');
    const name = `${last}_${definitions.size}`;
    definitions.set(pointer, { name, schema: null });
    const defined = { name, schema: target === undefined ? null : toPlain(target) };
    definitions.set(pointer, defined);
    return defined;
  }

  const plain = toPlain(root);
  const defined = [...definitions.values()].flatMap(({ name, schema }) => (schema ? [[name, schema] as const] : []));
  return defined.length === 0 ? plain : { ...plain, $defs: Object.fromEntries(defined) };
}

interface Definition {
  readonly name: string;
  readonly schema: object | null;
}

const TAKEN: ReadonlySet<string> = new Set(['type', 'title', 'enum', 'const', 'default', 'required']);
const FORMATS: ReadonlySet<unknown> = new Set([
  ...['date-time', 'time', 'date', 'duration', 'email', 'hostname', 'uri', 'ipv4', 'ipv6', 'uuid'],
]);

function isTaken([key, value]: readonly [string, unknown]): boolean {
  if (key === 'format') return FORMATS.has(value);
  return TAKEN.has(key) || (key === 'minItems' && Number(value) <= 1);
}

/** Read elsewhere, or of no use to a model. */
const SILENT: ReadonlySet<string> = new Set([
  ...['properties', 'items', 'anyOf', 'oneOf', 'allOf', 'description', 'additionalProperties', 'definitions'],
]);

/** With what the model is not held to. */
function toDescription(schema: Json): { readonly description?: string } {
  const refused = Object.entries(schema).filter(
    (entry) => !isTaken(entry) && !SILENT.has(entry[0]) && !entry[0].startsWith('$'),
  );
  const told = [schema.description, refused.length > 0 && JSON.stringify(Object.fromEntries(refused))].filter(
    (text) => typeof text === 'string',
  );
  return told.length > 0 ? { description: told.join(' ') } : {};
}

/** What a local pointer leads to; undefined where that is nothing. */
function find(root: unknown, pointer: string): unknown {
  if (!pointer.startsWith('#/')) return undefined;
  const keys = pointer.slice(2).split('/');
  return keys
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((value, key) => (isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined), root);
}

function mapValues(object: Json, map: (value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}
