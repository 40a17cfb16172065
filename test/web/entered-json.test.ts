import { describe, expect, test } from 'vitest';
import { parseSchema, parseTools } from '../../web/src/conversations/entered-json.ts';

test('tools are taken as they were entered', () => {
  const tools = [
    { name: 'weather', description: 'Now.', parameters: { type: 'object' }, strict: true },
    { name: 'b-2' },
  ];
  expect(parseTools(JSON.stringify(tools))).toEqual({ value: tools, problem: null });
  expect(parseTools(' \n')).toEqual({ value: [], problem: null });
});

describe('what is wrong with tools is said with its place', () => {
  test.for([
    ['[\n  {"name": "a"},\n  {"name" "b"}\n]', 'line 3, column 11: colon expected'],
    ['[{"name": "a"}', 'line 1, column 15: close bracket expected'],
    ['{"name": "a"}', 'expected a list, [ … ], got an object'],
    ['"a"', 'expected a list, [ … ], got a string'],
    ['[null]', '[0]: expected a tool, { "name": … }, got null'],
    ['[{}]', '[0].name: expected 1 to 64 of the characters a-z, A-Z, 0-9, _ and -'],
    ['[{"name": "a b"}]', '[0].name: expected 1 to 64 of the characters a-z, A-Z, 0-9, _ and -'],
    ['[{"name": "a"}, {"name": "a"}]', "[1].name: 'a' is there twice"],
    ['[{"name": "a", "description": 1}]', '[0].description: expected a text'],
    ['[{"name": "a", "parameters": []}]', /^\[0\]\.parameters: expected a JSON Schema of an object/],
    ['[{"name": "a", "parameters": {"type": "string"}}]', /^\[0\]\.parameters: expected a JSON Schema of an object/],
    ['[{"name": "a", "strict": "yes"}]', '[0].strict: expected true or false'],
    [
      '[{"name": "a", "constructor": 1}]',
      '[0].constructor: there is no such field; a tool has name, description, parameters, strict',
    ],
    [
      '[{"type": "function", "function": {"name": "a"}}]',
      '[0].type: there is no such field; a tool has name, description, parameters, strict',
    ],
  ] as const)('%s', ([text, problem]) => {
    expect(parseTools(text)).toEqual({
      value: null,
      problem: typeof problem === 'string' ? problem : expect.stringMatching(problem),
    });
  });
});

test('a schema is an object', () => {
  expect(parseSchema('{"type": "object"}')).toEqual({ value: { type: 'object' }, problem: null });
  expect(parseSchema('[]').problem).toBe('expected a JSON Schema, { … }, got a list');
  expect(parseSchema('').problem).toMatch(/^expected a JSON Schema/);
  expect(parseSchema('{"type": }').problem).toBe('line 1, column 10: value expected');
});
