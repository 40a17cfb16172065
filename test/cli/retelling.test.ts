import { expect, test } from 'vitest';
import { createRetelling } from '../../src/cli/retelling.ts';

function listen() {
  const page: string[] = [];
  return { page, retelling: createRetelling({ write: (text) => page.push(text), startOver: () => page.push('|') }) };
}

test('writes a text once that is told again, in other pieces', () => {
  const { page, retelling } = listen();
  for (const piece of ['One, ', 'two, ']) retelling.add(piece);
  retelling.begin();
  for (const piece of ['One', ', two, three', ', four']) retelling.add(piece);
  expect(page.join('')).toBe('One, two, three, four');
  expect(retelling.text).toBe('One, two, three, four');
});

test('starts over where another text is told', () => {
  const { page, retelling } = listen();
  retelling.add('One, two');
  retelling.begin();
  for (const piece of ['One, ', 'too', ' many']) retelling.add(piece);
  expect(page.join('')).toBe('One, two|One, too many');
  expect(retelling.text).toBe('One, too many');
});
