import { expect, test } from 'vitest';
import { ProviderError } from '../../../src/providers/errors.ts';
import { toOpenApiSchema } from '../../../src/providers/google/openapi-schema.ts';
import { problemOfSchema } from '../../helpers/google-schema.ts';

const convert = (schema: unknown) => toOpenApiSchema(schema, 'It');
const text = { type: 'string' };

test.for<[string, unknown, unknown]>([
  [
    'a reference',
    {
      properties: { a: { $ref: '#/$defs/a~1b', description: 'Which' } },
      $defs: { 'a/b': { type: 'string', title: 'T' } },
    },
    { type: 'object', properties: { a: { type: 'string', title: 'T', description: 'Which' } } },
  ],
  [
    'a reference that stands there twice',
    { properties: { a: { $ref: '#/definitions/t' }, b: { $ref: '#/definitions/t' } }, definitions: { t: text } },
    { type: 'object', properties: { a: text, b: text } },
  ],
  ['a constant', { const: 'x' }, { type: 'string', enum: ['x'] }],
  ['a constant number', { const: 5, description: 'How many.' }, { type: 'number', description: 'How many. One of 5.' }],
  ['numbers to choose from', { type: 'integer', enum: [1, 2] }, { type: 'integer', description: 'One of 1, 2.' }],
  ['texts or null', { enum: ['a', null] }, { type: 'string', enum: ['a'], nullable: true }],
  ['a text or null', { type: ['string', 'null'], minLength: 1 }, { type: 'string', minLength: 1, nullable: true }],
  ['types to choose from', { type: ['string', 'integer'] }, { anyOf: [text, { type: 'integer' }] }],
  [
    'types of which one has properties',
    { type: ['object', 'string', 'null'], properties: { a: text }, description: 'D' },
    {
      anyOf: [
        { type: 'object', properties: { a: text }, description: 'D' },
        { ...text, description: 'D' },
      ],
      nullable: true,
    },
  ],
  [
    'what one of several demands',
    { properties: { a: text }, anyOf: [{ required: ['a'] }, { required: ['b'] }] },
    { type: 'object', properties: { a: text } },
  ],
  ['one of two', { oneOf: [text, { type: 'boolean' }] }, { anyOf: [text, { type: 'boolean' }] }],
  ['one or null', { anyOf: [text, { type: 'null' }], description: 'D' }, { ...text, nullable: true, description: 'D' }],
  [
    'all of them',
    {
      allOf: [
        { properties: { a: text }, required: ['a'] },
        { properties: { b: text }, required: ['b'] },
      ],
    },
    { type: 'object', properties: { a: text, b: text }, required: ['a', 'b'] },
  ],
  ['a list of nothing in particular', { type: 'array' }, { type: 'array', items: text }],
  [
    'a list of its own types',
    { prefixItems: [text, { type: 'number' }] },
    { type: 'array', items: { anyOf: [text, { type: 'number' }] } },
  ],
  [
    'an object of any keys',
    { type: 'object', properties: { map: { type: 'object', additionalProperties: text } } },
    { type: 'object', properties: { map: { type: 'object' } } },
  ],
  [
    'what is demanded and not described',
    { properties: { a: text }, required: ['a', 'b'] },
    { type: 'object', properties: { a: text }, required: ['a'] },
  ],
  [
    'formats',
    { properties: { a: { type: 'string', format: 'uri' }, b: { type: 'string', format: 'date-time' } } },
    { type: 'object', properties: { a: text, b: { type: 'string', format: 'date-time' } } },
  ],
  ['anything', true, {}],
  [
    'other words',
    {
      ...text,
      $schema: 'https://json-schema.org/draft-07/schema',
      default: 'x',
      not: { const: 'y' },
      examples: ['x'],
      exclusiveMinimum: 0,
    },
    text,
  ],
  [
    'a property of the name of a word',
    { properties: { enum: text, $ref: text } },
    { type: 'object', properties: { enum: text, $ref: text } },
  ],
])('%s', ([_title, schema, expected]) => {
  expect(convert(schema)).toEqual(expected);
  expect(problemOfSchema(convert(schema), 'it')).toBeNull();
});

test.for<[string, unknown, string]>([
  [
    'a reference to itself',
    { $defs: { a: { items: { $ref: '#/$defs/a' } } }, $ref: '#/$defs/a' },
    "'#/$defs/a' leads back to itself",
  ],
  ['a reference elsewhere', { $ref: 'https://example.com/schema' }, "a reference to 'https://example.com/schema'"],
  ['a reference to nothing', { $ref: '#/$defs/a' }, "a reference to '#/$defs/a', where there is nothing"],
  ['a reference that is none', { $ref: '#/%E0%A4%A' }, "a reference to '#/%E0%A4%A', where there is nothing"],
  ['much made of little', bomb(20), 'more than 10,000 schemas, or 100 within each other'],
  ['depth', deep(200), 'more than 10,000 schemas, or 100 within each other'],
])('%s is refused', ([_title, schema, problem]) => {
  expect(() => convert(schema)).toThrow(new ProviderError('REJECTED', `It: ${problem}, which Google does not take`));
});

function bomb(levels: number): object {
  const next = (level: number) => ({ $ref: `#/$defs/${level + 1}` });
  const defs = Array.from({ length: levels }, (_, level) => [
    level,
    { properties: { a: next(level), b: next(level) } },
  ]);
  return { $ref: '#/$defs/0', $defs: { ...Object.fromEntries(defs), [levels]: text } };
}

function deep(levels: number): object {
  return levels === 0 ? text : { type: 'array', items: deep(levels - 1) };
}
