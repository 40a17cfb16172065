import { expect, test } from 'vitest';
import { isBase64 } from '../../../src/providers/http/base64.ts';
import { toJson } from '../../../src/providers/http/to-json.ts';

const long = Buffer.alloc(100_000, 'abc').toString('base64');
const padded = Buffer.alloc(100_001, 'abc').toString('base64');

test.for([
  ['nothing long', { a: [1, 'b"\\', null, { c: undefined }], d: 'é\u2028' }],
  ['long base64, alone', long],
  [
    'long base64, several times, with and without its type',
    { a: long, b: [`data:image/png;base64,${long}`, padded], c: long },
  ],
  ['a long text', { a: `${'"\\\n'.repeat(50_000)}` }],
  [
    'long base64 with something to be escaped at any end',
    [`"${long.slice(1)}`, `${long.slice(0, -1)}"`, `${long}\\`, `${long}\n`],
  ],
  ['long base64 behind something to be escaped', [`data:image/"png;base64,${long}`, `data:\n,${long}`]],
  ['wide characters that have base64 in their lower half', [`\u4e41${long.slice(1)}`, `\u0122${long.slice(1)}`]],
] as const)('%s is the JSON that it would be', ([, value]) => {
  expect(Buffer.from(toJson(value)).toString() === JSON.stringify(value)).toBe(true);
});

test.for([
  ['', true],
  ['QUJD', true],
  ['QUI=', true],
  ['QQ==', true],
  ['QQ=', false],
  ['QQ', false],
  ['QUJ"', false],
  ['QU"=', false],
  ['Q"==', false],
  ['====', false],
  ['QQ==QQ==', false],
  ['Q-J_', false],
  ['QUJ\n', false],
  ['\u4e41UJD', false],
  ['\u00c1UJD', false],
] as const)('%j is base64 with its padding: %s', ([text, is]) => {
  expect(isBase64(text)).toBe(is);
});
