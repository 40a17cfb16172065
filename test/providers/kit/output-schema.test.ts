import { expect, test } from 'vitest';
import { toOutputSchema } from '../../../src/providers/kit/output-schema.ts';

test.for<[string, unknown, unknown]>([
  [
    'every object is closed',
    { type: 'object', properties: { a: { type: 'object', additionalProperties: true } } },
    {
      type: 'object',
      properties: { a: { type: 'object', additionalProperties: false } },
      additionalProperties: false,
    },
  ],
  [
    'bounds are told in words',
    { type: 'string', description: 'A name.', minLength: 1, pattern: '^a', format: 'slug' },
    { type: 'string', description: 'A name. {"minLength":1,"pattern":"^a","format":"slug"}' },
  ],
  [
    'what is taken stays',
    { type: 'array', items: { type: 'string', format: 'date' }, minItems: 1, default: [], title: 'Days' },
    { type: 'array', items: { type: 'string', format: 'date' }, minItems: 1, default: [], title: 'Days' },
  ],
  [
    'lists have no greater least length',
    { type: 'array', minItems: 2 },
    { type: 'array', description: '{"minItems":2}' },
  ],
  ['one of several is any of them', { oneOf: [{ const: 1 }, { enum: [2] }] }, { anyOf: [{ const: 1 }, { enum: [2] }] }],
  [
    'definitions stay, each once',
    {
      type: 'object',
      properties: { a: { $ref: '#/definitions/x' }, b: { $ref: '#/definitions/x' } },
      definitions: { x: { type: 'string', maxLength: 3 }, unused: {} },
    },
    {
      type: 'object',
      properties: { a: { $ref: '#/$defs/x_1' }, b: { $ref: '#/$defs/x_1' } },
      additionalProperties: false,
      $defs: { x_1: { type: 'string', description: '{"maxLength":3}' } },
    },
  ],
  [
    'what leads back to itself may be anything there',
    { $ref: '#/$defs/node', $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } } },
    {
      $ref: '#/$defs/node_1',
      $defs: { node_1: { type: 'object', properties: { next: {} }, additionalProperties: false } },
    },
  ],
  [
    'what leads back to all may be anything there',
    { type: 'object', properties: { inner: { $ref: '#' } } },
    { type: 'object', properties: { inner: {} }, additionalProperties: false },
  ],
  ['what leads nowhere may be anything', { $ref: '#/$defs/none' }, {}],
  ['true is anything', { type: 'array', items: true }, { type: 'array' }],
])('%s', ([_title, schema, expected]) => {
  expect(toOutputSchema(schema)).toEqual(expected);
});
