import { describe, expect, test } from 'vitest';
import { createTrimmer } from '../../../src/providers/kit/trimmer.ts';

describe.for(['  \n Hello,  wide\t \u00a0world \r\n ', 'Hello', ' x ', ' 👩‍🚀 \u3000 你好 ', ' \n\t ', ''])(
  'of %j',
  (text) => {
    test('the pieces joined are the trimmed whole, wherever the text is cut in three', () => {
      for (let first = 0; first <= text.length; first++) {
        for (let second = first; second <= text.length; second++) {
          const pieces = push([text.slice(0, first), text.slice(first, second), text.slice(second)]);
          expect(pieces.join('')).toBe(text.trim());
        }
      }
    });

    test('the pieces joined are the trimmed whole when every character comes alone', () => {
      expect(push(text.split('')).join('')).toBe(text.trim());
    });
  },
);

test('gives white space out with the text that follows it, and not before', () => {
  expect(push([' ', ' Hello', ' ', '\n', 'you ', ' ', ''])).toEqual(['', 'Hello', '', '', ' \nyou', '', '']);
});

function push(pieces: readonly string[]): string[] {
  const trimmer = createTrimmer();
  return pieces.map((piece) => trimmer.push(piece));
}
