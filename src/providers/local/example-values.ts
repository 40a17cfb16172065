import type { Json } from '../http/json.ts';

/** A schema may ask for gigabytes. */
const MAX_LENGTH = 10_000;

/** @param nth texts of one list differ by it */
export function exampleText({ format, minLength, maxLength }: Json, nth: number): string {
  const text = FORMATS[String(format)]?.(nth + 1) ?? (nth === 0 ? 'text' : `text ${nth + 1}`);
  const padded = text.padEnd(Math.min(Number(minLength ?? 0), MAX_LENGTH), '.');
  return padded.slice(Math.max(0, padded.length - Number(maxLength ?? padded.length)));
}

const twoDigits = (number: number) => String((number % 28) + 1).padStart(2, '0');

const FORMATS: Readonly<Record<string, (number: number) => string>> = {
  date: (number) => `2026-01-${twoDigits(number)}`,
  'date-time': (number) => `2026-01-${twoDigits(number)}T09:30:00Z`,
  time: (number) => `09:${twoDigits(number)}:00Z`,
  duration: (number) => `P${number}D`,
  email: (number) => `someone${number}@example.com`,
  hostname: (number) => `host${number}.example.com`,
  ipv4: (number) => `192.0.2.${number % 255}`,
  ipv6: (number) => `2001:db8::${(number % 65_536).toString(16)}`,
  uri: (number) => `https://example.com/${number}`,
  'uri-reference': (number) => `/${number}`,
  'uri-template': (number) => `/{name}/${number}`,
  uuid: (number) => `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`,
  'json-pointer': (number) => `/${number}`,
  'relative-json-pointer': (number) => `${number}`,
  regex: (number) => `a{${number}}`,
};

/** As near to its least as it may be, or else to its most. @param nth numbers of one list differ by it */
export function exampleNumber(schema: Json, nth: number): number {
  const { exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
  const least = Math.max(...[schema.minimum, exclusiveMinimum].filter(isNumber));
  const most = Math.min(...[schema.maximum, exclusiveMaximum].filter(isNumber));
  if (schema.type !== 'integer' && !isNumber(multipleOf)) {
    if (Number.isFinite(least) && Number.isFinite(most)) return least + (most - least) / (nth + 2);
    return Number.isFinite(most) ? most - nth - 1 : Math.max(0, least) + nth + 1;
  }
  const step = isNumber(multipleOf) ? multipleOf : 1;
  let first = Math.ceil(least / step) * step;
  if (first === exclusiveMinimum) first += step;
  let last = Math.floor(most / step) * step;
  if (last === exclusiveMaximum) last -= step;
  if (Number.isFinite(first)) return first + nth * step > last ? first : first + nth * step;
  return Number.isFinite(last) ? last - nth * step : (nth + 1) * step;
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
