import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compile } from '../../../src/gateway/json-schema/validator.ts';
import { makeExample } from '../../../src/providers/local/example.ts';

const FORMATS = [
  'date',
  'date-time',
  'time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uri-reference',
  'uri-template',
  'uuid',
  'json-pointer',
  'relative-json-pointer',
  'regex',
];

const between = (lowest: string, highest: string, most: number) =>
  fc
    .tuple(fc.nat(most), fc.nat(most))
    .map(([one, other]) => ({ [lowest]: Math.min(one, other), [highest]: Math.max(one, other) }));

/** Schemas of which there is a value, and that say what they want in keywords that are followed. */
const { schema } = fc.letrec<{ schema: object; leaf: object }>((tie) => ({
  leaf: fc.oneof(
    fc.record({ type: fc.constantFrom('null', 'boolean') }),
    fc.record({ type: fc.constant('string'), format: fc.constantFrom(...FORMATS) }),
    between('minLength', 'maxLength', 30).map((lengths) => ({ type: 'string', ...lengths })),
    fc.record({ type: fc.constantFrom('number', 'integer') }),
    fc
      .integer({ min: -50, max: 50 })
      .chain((least) =>
        fc.oneof(
          fc.constant({ type: 'integer', minimum: least }),
          fc.constant({ type: 'integer', exclusiveMinimum: least, maximum: least + 1 }),
          fc.constant({ type: 'integer', exclusiveMaximum: least }),
          fc.constant({ type: 'integer', minimum: least, maximum: least + 7, multipleOf: 7 }),
          fc.constant({ type: 'number', exclusiveMinimum: least, exclusiveMaximum: least + 0.5 }),
          fc.constant({ type: ['number', 'null'], minimum: least, maximum: least }),
          fc.constant({ type: 'number', exclusiveMaximum: least }),
          fc.constant({ minimum: least }),
        ),
      ),
    fc.array(fc.jsonValue(), { minLength: 1, maxLength: 3 }).map((values) => ({ enum: values })),
    fc.jsonValue().map((value) => ({ const: value })),
    fc.jsonValue().map((value) => ({ default: value })),
    fc.constant({}),
  ),
  schema: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    tie('leaf'),
    fc
      .tuple(fc.dictionary(fc.string({ maxLength: 5 }), tie('schema'), { maxKeys: 4 }), fc.nat(9), fc.boolean())
      .map(([properties, seed, isClosed]) => ({
        type: 'object',
        properties,
        required: Object.keys(properties).filter((_name, at) => (at + seed) % 2 === 0),
        ...(isClosed
          ? { additionalProperties: false }
          : { minProperties: seed, additionalProperties: { type: 'integer' } }),
      })),
    fc
      .tuple(tie('schema'), between('minItems', 'maxItems', 5))
      .map(([items, lengths]) => ({ type: 'array', items, ...lengths })),
    fc
      .array(tie('schema'), { minLength: 1, maxLength: 3 })
      .map((prefixItems) => ({ type: 'array', prefixItems, items: false })),
    fc.array(tie('schema'), { minLength: 1, maxLength: 3 }).map((anyOf) => ({ anyOf })),
    fc.tuple(tie('schema')).map(([a]) => ({ $defs: { a: { title: 'a' } }, allOf: [a, { title: 'b' }] })),
  ),
}));

test('an example of any schema fits it, and is the same every time', () => {
  fc.assert(
    fc.property(schema, (one) => {
      const example = makeExample(one);
      expect(compile(one)(example)).toEqual([]);
      expect(makeExample(structuredClone(one))).toEqual(example);
    }),
    { numRuns: 500 },
  );
});

describe('an example', () => {
  test.for([
    [
      { type: 'object', properties: { city: { type: 'string' }, days: { type: 'integer', minimum: 3 } } },
      { city: 'text', days: 3 },
    ],
    [{ type: 'array', items: { type: 'string' }, minItems: 3, uniqueItems: true }, ['text', 'text 2', 'text 3']],
    [{ type: 'array', items: { type: 'integer' }, minItems: 3, uniqueItems: true }, [1, 2, 3]],
    [{ type: 'string', examples: ['Oslo', 'Bergen'] }, 'Oslo'],
    [{ $defs: { 'a/b': { const: 7 } }, properties: { x: { $ref: '#/$defs/a~1b' } } }, { x: 7 }],
    [
      { allOf: [{ properties: { a: { type: 'null' } }, required: ['a'] }], properties: { b: { type: 'boolean' } } },
      { a: null, b: true },
    ],
    [true, 'text'],
  ] as const)('of %j is %j', ([schema, example]) => {
    expect(makeExample(schema)).toEqual(example);
  });

  test('of a tree ends', () => {
    const tree = {
      type: 'object',
      properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#' } } },
    };
    const example = makeExample(tree);
    expect(example).toMatchObject({ name: 'text', children: [{ name: 'text' }] });
    expect(compile(tree)(example)).toEqual([]);
  });

  test('of what asks for too much is bounded', () => {
    const $defs: Record<string, unknown> = { a60: { type: 'string' } };
    for (let level = 0; level < 60; level++) {
      const next = { $ref: `#/$defs/a${level + 1}` };
      $defs[`a${level}`] = { allOf: [next, next], properties: { a: next, b: next } };
    }
    for (const schema of [
      { $defs, $ref: '#/$defs/a0' },
      { type: 'string', minLength: 1e12 },
      { type: 'array', minItems: 1e12 },
      { type: 'array', minItems: 1e12, items: { type: 'string', minLength: 1e12 } },
      { type: 'object', minProperties: 1e12 },
      { type: 'array', minItems: 1e12, items: { enum: ['x'.repeat(60_000)] } },
      { type: 'object', required: ['a'], properties: { a: { $ref: '#' } } },
      { $ref: '#' },
    ]) {
      expect(JSON.stringify(makeExample(schema)).length).toBeLessThan(500_000);
    }
  });
});
