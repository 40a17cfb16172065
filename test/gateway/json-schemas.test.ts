import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { createJsonSchemas } from '../../src/gateway/json-schemas.ts';

const schemas = createJsonSchemas();
afterAll(schemas.close);

const check = (value: unknown, schema: unknown, checker = schemas) => checker.problemsOf(JSON.stringify(value), schema);

const TOO_SLOW = 'it could not be checked in time';
const CATASTROPHIC = { type: 'string', pattern: '^(a+)+$' };
const LONG_FOR_IT = `${'a'.repeat(40)}!`;

/** Each of its levels doubles the work. */
function exponential() {
  const $defs: Record<string, unknown> = { a40: { type: 'string' } };
  for (let level = 0; level < 40; level++) {
    const next = { $ref: `#/$defs/a${level + 1}` };
    $defs[`a${level}`] = { anyOf: [next, next] };
  }
  return { $defs, $ref: '#/$defs/a0' };
}

function nested(levels: number): unknown {
  let schema: unknown = {};
  for (let level = 0; level < levels; level++) schema = { not: schema };
  return schema;
}

describe('a schema that cannot be compiled is told by the validator', () => {
  test.for([
    [{ type: 'objekt' }, 'schema is invalid: data/type must be equal to one of the allowed values'],
    [{ properties: [] }, 'schema is invalid: data/properties must be object'],
    [{ $ref: '#/$defs/none' }, "can't resolve reference #/$defs/none from id #"],
    [{ pattern: '(' }, 'Invalid regular expression: /(/u: Unterminated group'],
    [{ $schema: 'http://json-schema.org/draft-04/schema#' }, 'no schema with key or ref'],
    [{ $async: true, type: 'string' }, '$async is no keyword of JSON Schema'],
    [[], 'expected an object or a boolean'],
  ] as const)('%j', async ([schema, problem]) => {
    expect(await schemas.problemOf(schema)).toContain(problem);
  });

  test('whichever draft it is of', async () => {
    const tuple = { items: [{ type: 'string' }] };
    expect(await schemas.problemOf(tuple)).toContain('data/items must be object,boolean');
    expect(await schemas.problemOf({ $schema: 'http://json-schema.org/draft-07/schema#', ...tuple })).toBeUndefined();
  });

  test('with the most that one may be long, whatever stands in it', async () => {
    const ofBytes = (bytes: number) => ({ title: 'ü'.repeat((bytes - '{"title":""}'.length) / 2) });
    expect(await schemas.problemOf(ofBytes(65_536))).toBeUndefined();
    expect(await schemas.problemOf(ofBytes(65_538))).toBe('expected a schema of at most 65536 bytes, got 65538');
  });

  test('with how deep it is, from some levels to a million', async () => {
    expect(await schemas.problemOf(nested(100))).toBeUndefined();
    expect(await schemas.problemOf(nested(3_000))).toBe('it leads too deep to be checked');
    expect(await schemas.problemOf(nested(1_000_000))).toBe('expected a schema that is not as deep');
  });
});

test('nothing is fetched', async () => {
  let requests = 0;
  const server = createServer(() => requests++).listen(0, '127.0.0.1');
  onTestFinished(() => void server.close());
  await once(server, 'listening');
  const $ref = `http://127.0.0.1:${(server.address() as AddressInfo).port}/schema.json`;
  expect(await schemas.problemOf({ $ref })).toBe(`can't resolve reference ${$ref} from id #`);
  expect(requests).toBe(0);
});

describe('of a value that breaks a schema is told', () => {
  test('each place, and what was expected there', async () => {
    const schema = {
      type: 'object',
      required: ['name'],
      additionalProperties: false,
      properties: {
        name: { type: 'string' },
        unit: { enum: ['C', 'F'] },
        kind: { const: 'x' },
        mail: { type: 'string', format: 'email' },
        'a/b': { type: 'array', items: { type: 'integer', minimum: 1 } },
      },
    };
    expect(await check({ name: 'Oslo', unit: 'C', 'a/b': [1, 2] }, schema)).toEqual([]);
    expect(await check({ unit: 'K', kind: 'y', mail: 'no', 'a/b': [1, '2', 0], more: true }, schema)).toEqual([
      "#: must have required property 'name'",
      "#: must not have the property 'more'",
      '#/unit: must be one of ["C","F"]',
      '#/kind: must be "x"',
      '#/mail: must match format "email"',
      '#/a~1b/1: must be integer',
      '#/a~1b/2: must be >= 1',
    ]);
  });

  test('at most 20 of the problems, none longer than 300 characters', async () => {
    const values = Array.from({ length: 1000 }, () => 'secret'.repeat(1000));
    const problems = await check(values, { items: { enum: values.map((_, index) => index) } });
    expect(problems).toHaveLength(20);
    for (const problem of problems) expect(problem.length).toBeLessThanOrEqual(300);
    expect(problems.join()).not.toContain('secret');
  });

  test('what holds in a schema that refers to itself', async () => {
    const tree = { type: 'object', properties: { children: { type: 'array', items: { $ref: '#' } } } };
    expect(await check({ children: [{ children: [{}] }] }, tree)).toEqual([]);
    expect(await check({ children: [{ children: [1] }] }, tree)).toEqual(['#/children/0/children/0: must be object']);
  });

  test('that a schema leads in a circle, or has a pattern of no use', async () => {
    expect(await check(1, { $ref: '#' })).toEqual(['it leads too deep to be checked']);
    expect(await check('a', { pattern: '((a{1000}){1000}){1000}' })).toHaveLength(1);
  });
});

test('schemas of the same name know nothing of each other', async () => {
  const named = (type: string) => ({ $defs: { one: { $id: 'https://example.com/one', type } }, $ref: '#/$defs/one' });
  expect(await check('a', named('string'))).toEqual([]);
  expect(await check('a', named('number'))).toEqual(['#: must be number']);
  const meta = { $id: 'https://json-schema.org/draft/2020-12/schema', type: 'string' };
  expect(await schemas.problemOf({ $defs: { meta } })).toContain('resolves to more than one schema');
  expect(await schemas.problemOf({ type: 'objekt' })).toContain('schema is invalid');
});

describe('what takes too much is given up', () => {
  test.for([
    ['a catastrophic pattern', LONG_FOR_IT, CATASTROPHIC],
    ['alternatives that double with each level', 1, exponential()],
  ] as const)('%s, and those who wait behind it get their answers', async ([_title, value, schema]) => {
    const slow = check(value, schema);
    const others = [check('b', { type: 'string' }), check('b', { type: 'number' })];
    expect(await slow).toEqual([TOO_SLOW]);
    expect(await Promise.all(others)).toEqual([[], ['#: must be number']]);
  });

  test('many of it at once, and another is checked before they are', async () => {
    const slow = Array.from({ length: 4 }, (_, at) => check(LONG_FOR_IT, { ...CATASTROPHIC, title: String(at) }));
    let given = 0;
    for (const one of slow) void one.then(() => given++);
    expect(await check('b', { type: 'number', title: 'honest' })).toEqual(['#: must be number']);
    expect(given).toBeLessThan(slow.length);
    expect(await Promise.all(slow)).toEqual(slow.map(() => [TOO_SLOW]));
  });

  test('memory too, and the next check is made anew', async () => {
    const values = `[${'{},'.repeat(5_000_000)}{}]`;
    expect(await schemas.problemsOf(values, { items: { type: 'string' } })).toEqual([
      expect.stringContaining('it could not'),
    ]);
    expect(await check('b', { type: 'number' })).toEqual(['#: must be number']);
  });

  test('this process goes on meanwhile', async () => {
    let ticks = 0;
    const timer = setInterval(() => ticks++, 10);
    expect(await check(LONG_FOR_IT, CATASTROPHIC)).toEqual([TOO_SLOW]);
    clearInterval(timer);
    expect(ticks).toBeGreaterThan(10);
  });
});

test('whoever waits when all is closed is told at once', async () => {
  const closed = createJsonSchemas();
  const waiting = [check(LONG_FOR_IT, CATASTROPHIC, closed), check('b', { type: 'string' }, closed)];
  closed.close();
  expect(await Promise.all(waiting)).toEqual([[TOO_SLOW], [TOO_SLOW]]);
});

const SCRIPT = `
import { execFileSync } from 'node:child_process';
import { createJsonSchemas } from ${JSON.stringify(import.meta.resolve('../../src/gateway/json-schemas.ts'))};
const checkers = () =>
  execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' }).split('\\n')
    .map((line) => line.trim().split(/\\s+/))
    .filter(([pid, parent, ...words]) => Number(parent) === process.pid && words.join(' ').includes('checker.ts'))
    .map(([pid]) => Number(pid));
const alive = setInterval(() => {}, 1000);
const schemas = createJsonSchemas();
const before = checkers();
await schemas.problemOf({ type: 'object' });
await schemas.problemOf({ type: 'string' });
console.log(JSON.stringify({ before, after: checkers() }));
clearInterval(alive);
`;

test('one process is started once there is a schema; it holds up no exit, and ends with its parent', async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', SCRIPT]);
  const { before, after } = JSON.parse(stdout);
  expect(before).toEqual([]);
  expect(after).toEqual([expect.any(Number)]);
  await expect.poll(() => isAlive(after[0])).toBe(false);
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH
  }
}
