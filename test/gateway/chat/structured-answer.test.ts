import { afterAll, describe, expect, test } from 'vitest';
import { createStructuredAnswer } from '../../../src/gateway/chat/structured-answer.ts';
import { createJsonSchemas } from '../../../src/gateway/json-schemas.ts';
import type { FinishReason, ResponseFormat } from '../../../src/providers/chat.ts';

const schemas = createJsonSchemas();
afterAll(schemas.close);

const SCHEMA = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const OF_SCHEMA: ResponseFormat = { type: 'JSON_SCHEMA', schema: SCHEMA };

async function read(text: string, reason: FinishReason = 'STOP', format: ResponseFormat | undefined = OF_SCHEMA) {
  const structured = createStructuredAnswer(format, schemas);
  structured.start();
  for (const piece of text.match(/[\s\S]{1,1000}/g) ?? []) structured.add(piece);
  return structured.read(reason);
}

const NONE = { object: null, objectProblems: [] };
const NO_JSON = { object: null, objectProblems: ['The answer is no JSON'] };

test('is the object that the whole text says, where it holds to its schema', async () => {
  expect(await read(' {"city":\n"Oslo"} ')).toEqual({ object: { city: 'Oslo' }, objectProblems: [] });
});

test('tells where it breaks its schema', async () => {
  expect(await read('{"city": 1}')).toEqual({ object: { city: 1 }, objectProblems: ['#/city: must be string'] });
});

test('is any JSON where no schema was given', async () => {
  for (const value of [[1, 'a'], {}, 'a', 0, null, false]) {
    expect(await read(JSON.stringify(value), 'STOP', { type: 'JSON' })).toEqual({ object: value, objectProblems: [] });
  }
});

describe('is none, and without problems', () => {
  test.for(['CONTENT_FILTER', 'TOOL_CALLS', 'CANCELLED'] as const)('in an answer that ends in %s', async (reason) => {
    expect(await read('I cannot', reason)).toEqual(NONE);
    expect(await read('{"city": "Oslo"}', reason)).toEqual(NONE);
  });

  test('where none was asked for', async () => {
    expect(await read('{"city": "Oslo"}', 'STOP', { type: 'TEXT' })).toEqual(NONE);
    expect(createStructuredAnswer(undefined, schemas).read('STOP')).toEqual(NONE); // At once, too.
  });
});

describe('says that there is none', () => {
  test.for(['', 'Oslo', '{"city": "Os', '{"city": "Oslo"} {}'])('in %j', async (text) => {
    expect(await read(text)).toEqual(NO_JSON);
    expect(await read(text, 'LENGTH')).toEqual(NO_JSON);
  });

  test('where it is nested deeper than it could be handed on', async () => {
    const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);
    expect(await read(nested(500), 'STOP', { type: 'JSON' })).toMatchObject({ objectProblems: [] });
    expect(await read(nested(501), 'STOP', { type: 'JSON' })).toEqual(NO_JSON);
    expect(await read(nested(1_000_000), 'STOP', { type: 'JSON' })).toEqual(NO_JSON);
  });
});

describe('is taken out of a code block', () => {
  test.for([
    '```json\n{"city":"Oslo"}\n```',
    '\n```\r\n{"city":"Oslo"}```\n',
    '```JSON \n\n{"city":"Oslo"}\n\n```\n\n',
  ])('%j', async (text) => {
    expect(await read(text)).toEqual({ object: { city: 'Oslo' }, objectProblems: [] });
  });

  test('in a time that grows with its length and no faster', async () => {
    expect(await read(`\`\`\`json\n${'\n'.repeat(5_000_000)}`)).toEqual(NO_JSON);
  });
});

test('holds nothing of what came before a new beginning', async () => {
  const structured = createStructuredAnswer(OF_SCHEMA, schemas);
  structured.start();
  structured.add('{"city": ');
  structured.start();
  structured.add('{"city": "Bergen"}');
  expect(await structured.read('STOP')).toEqual({ object: { city: 'Bergen' }, objectProblems: [] });
});

test('is checked as long as an answer may be', async () => {
  const cities = Array.from({ length: 200_000 }, (_, index) => ({ city: `Oslo ${index}` }));
  const format: ResponseFormat = { type: 'JSON_SCHEMA', schema: { type: 'array', items: SCHEMA } };
  expect(await read(JSON.stringify(cities), 'STOP', format)).toEqual({ object: cities, objectProblems: [] });
});
