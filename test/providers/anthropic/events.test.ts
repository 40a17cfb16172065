import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEventReader } from '../../../src/providers/anthropic/events.ts';

/** Each event as the reader of them all has it, and as it is by itself. */
function bothWays(events: readonly string[]) {
  const read = createEventReader();
  return { together: events.map((data) => read(data)), alone: events.map((data) => createEventReader()(data)) };
}

const delta = (delta: object, index = 0) => JSON.stringify({ type: 'content_block_delta', index, delta });
const said = (text: string) => delta({ type: 'text_delta', text });
const written = (partial_json: string) => delta({ type: 'input_json_delta', partial_json });
const padded = (data: string, blanks: number) => `${data.slice(0, -1)}${' '.repeat(blanks)}}`;

test.for<[string, readonly string[]]>([
  ['plain text', ['Hello', ' there', '', ' ', '👋', 'text', '"', '\\', '\n', '\u2028', 'a"b', '}', ' }'].map(said)],
  ['arguments', ['', '{"city"', ': "Os', 'lo, \\"N', 'O\\""}'].map(written)],
  ['blanks before the last brace', ['a', 'b', ' }', '}  }'].map((text, at) => padded(said(text), at * 3))],
  [
    'one block, then another',
    [
      said('a'),
      said('b'),
      delta({ type: 'thinking_delta', thinking: 'c' }),
      said('d'),
      delta({ type: 'text_delta', text: 'e' }, 1),
      said('f'),
    ],
  ],
  ['a text that stands there twice', ['text', 'text_delta', 'index'].map(said)],
  [
    'an event cut short',
    [said('a'), said('b'), said('c').slice(0, -1), said('c').slice(1), said('d'), '   }', '}', ''],
  ],
  [
    'a string that is not closed',
    [said('a'), said('b'), said('c').replace('"c"', '"c'), said('d').replace('"d"', '"d\u0000"')],
  ],
  ['a field beside the text', [said('a'), delta({ type: 'text_delta', text: 'b', more: 'c' }), said('d')]],
  [
    'what is no text',
    [said('a'), delta({ type: 'text_delta', text: 5 }), delta({ type: 'mood_delta', text: 'x' }), 'null', '5', '[]'],
  ],
  [
    'none like the other',
    Array.from({ length: 30 }, (_, at) => JSON.stringify({ ...JSON.parse(said(`${at}`)), [`f${at}`]: 1 })),
  ],
])('is what each event is by itself: %s', ([_title, events]) => {
  const { together, alone } = bothWays(events);
  expect(together).toEqual(alone);
});

const folder = join(import.meta.dirname, '../../fixtures/anthropic');

test.for(readdirSync(folder))('is what each event of a recorded answer is by itself: %s', (file) => {
  const lines = readFileSync(join(folder, file), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('data: '));
  const { together, alone } = bothWays(lines.map((line) => line.slice('data: '.length)));
  expect(together).toEqual(alone);
});
