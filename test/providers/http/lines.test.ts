import { expect, test } from 'vitest';
import { createLineSplitter } from '../../../src/providers/http/lines.ts';

const TEXT = 'one\ntwo\r\n\r\n\nthree\rstill three\u2028and on\u2029\u0085\v\fthe end\r\r\nfour 👩‍🚀';
const LINES = ['one', 'two', '', '', 'three\rstill three\u2028and on\u2029\u0085\v\fthe end\r', 'four 👩‍🚀'];

test('splits at \\n and \\r\\n, and at nothing else', () => {
  expect(split([TEXT])).toEqual(LINES);
});

test('gives the same lines wherever the text is cut in two', () => {
  for (let at = 0; at <= TEXT.length; at++) expect(split([TEXT.slice(0, at), TEXT.slice(at)])).toEqual(LINES);
});

test('gives the same lines wherever the text is cut in three', () => {
  for (let first = 0; first <= TEXT.length; first++) {
    for (let second = first; second <= TEXT.length; second++) {
      expect(split([TEXT.slice(0, first), TEXT.slice(first, second), TEXT.slice(second)])).toEqual(LINES);
    }
  }
});

test('gives the same lines when every character comes alone', () => {
  expect(split(TEXT.split(''))).toEqual(LINES);
});

test('gives a line with the text that ends it', () => {
  const splitter = createLineSplitter({ name: 'Acme', maxBytes: 1_000_000 });
  expect(splitter.push('one')).toEqual([]);
  expect(splitter.push(' and more\r')).toEqual([]);
  expect(splitter.push('\ntwo\nthr')).toEqual(['one and more', 'two']);
  expect(splitter.end()).toEqual(['thr']);
});

test('has no last line after a line end, nor in an empty text', () => {
  expect(split(['one\n'])).toEqual(['one']);
  expect(split(['one\r\n'])).toEqual(['one']);
  expect(split([''])).toEqual([]);
  expect(split([])).toEqual([]);
});

test('keeps a lone \\r at the very end', () => {
  expect(split(['one\ntwo\r'])).toEqual(['one', 'two\r']);
});

function split(pieces: readonly string[]): string[] {
  const splitter = createLineSplitter({ name: 'Acme', maxBytes: 1_000_000 });
  return [...pieces.flatMap((piece) => splitter.push(piece)), ...splitter.end()];
}
