/** The words of the subset of OpenAPI's schemas that the vendor knows, by what they may hold. */
const KEYS = [
  ...['type', 'format', 'title', 'description', 'nullable', 'enum', 'items', 'minItems', 'maxItems', 'properties'],
  ...['required', 'propertyOrdering', 'anyOf', 'minimum', 'maximum', 'minLength', 'maxLength', 'pattern'],
  ...['minProperties', 'maxProperties', 'default', 'example'],
];
const TYPES = ['string', 'number', 'integer', 'boolean', 'array', 'object', 'null'];

/** Why the vendor refuses a schema, in its words; null where it does not. */
export function problemOfSchema(schema: unknown, path: string): string | null {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return `Invalid value at '${path}'`;
  const {
    type,
    format,
    properties,
    required,
    items,
    anyOf,
    enum: values,
  } = schema as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(schema).find((key) => !KEYS.includes(key));
  if (unknown) return `Invalid JSON payload received. Unknown name "${unknown}" at '${path}': Cannot find field.`;
  if (type !== undefined && !TYPES.includes(String(type))) return `Invalid value at '${path}.type'`;
  if (Array.isArray(values) && (type !== 'string' || values.some((value) => typeof value !== 'string'))) {
    return `${path}.enum: only allowed for STRING type`;
  }
  if (type === 'string' && format !== undefined && format !== 'date-time' && format !== 'enum') {
    return `${path}.format: only 'enum' and 'date-time' are supported for STRING type`;
  }
  if (type === 'array' && items === undefined) return `${path}.items: missing field.`;
  const known = Object.keys(Object(properties));
  if (Array.isArray(required) && required.some((name) => !known.includes(name))) {
    return `${path}.required: property is not defined`;
  }
  const inner: readonly (readonly [string, unknown])[] = [
    ...Object.entries(Object(properties) as object).map(([name, one]) => [`${path}.properties[${name}]`, one] as const),
    ...(items === undefined ? [] : [[`${path}.items`, items] as const]),
    ...(Array.isArray(anyOf) ? anyOf.map((one, at) => [`${path}.any_of[${at}]`, one] as const) : []),
  ];
  return inner.map(([where, one]) => problemOfSchema(one, where)).find((problem) => problem !== null) ?? null;
}
