import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ChatPart } from '../../../src/providers/chat.ts';
import { fromOpenAiChunk } from '../../../src/providers/chat-completions/chunk.ts';
import { createChunkReader } from '../../../src/providers/chat-completions/chunk-templates.ts';
import { readFixture } from '../../helpers/openai-server.ts';

const toImage = (item: unknown) => ({ url: JSON.stringify(item), alt: 'a cat' });

/** Each chunk as the reader of them all has it, and as it is by itself. */
function bothWays(chunks: readonly string[]) {
  const readChunk = createChunkReader({ toImage, keepsThinking: false });
  const read = (data: string, take: typeof readChunk) => {
    const parts: ChatPart[] = [];
    // What was said is there as it came only where nothing else tells it; sources, and the model, are told again and
    // again, or once.
    const chunk = take(data, parts);
    return { data, chunk: chunk && { ...chunk, said: null, sources: [], model: null }, parts };
  };
  return {
    together: chunks.map((data) => read(data, readChunk)),
    alone: chunks.map((data) => read(data, (chunk, parts) => fromOpenAiChunk(chunk, toImage, parts))),
  };
}

const chunk = (delta: object, more: object = {}) =>
  JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, delta, finish_reason: null }], ...more });
const said = (content: string) => chunk({ content });

const called = (call: object) => chunk({ tool_calls: [{ index: 0, ...call }] });
const argued = (text: string) => called({ function: { arguments: text } });

const SEQUENCES: readonly (readonly [string, readonly string[]])[] = [
  ['plain text', ['Hello', ' there', '', ' ', '👋', 'content', '"', '\\', '\n', '\u2028', 'a"b', ','].map(said)],
  [
    'text that JSON wrote with escapes',
    [said('x'), said('y').replace('"y"', '"\\u0079"'), said('y').replace('"y"', '"\\ud83d\\ude00"')],
  ],
  [
    'a text that stands in the chunk twice',
    [
      chunk({ content: 'a' }, { model: 'a' }),
      chunk({ content: 'b' }, { model: 'a' }),
      chunk({ content: 'a' }, { model: 'b' }),
    ],
  ],
  ['reasoning under two names', ['a', 'b', 'c'].map((text) => chunk({ reasoning: text, reasoning_content: text }))],
  [
    'reasoning, then text',
    [chunk({ reasoning: 'a' }), chunk({ reasoning: 'b' }), said('c'), said('d'), chunk({ reasoning: 'e' })],
  ],
  ['text beside text', ['a', 'b'].map((content) => chunk({ content, refusal: 'no' }))],
  [
    'text with an end, a usage or an error beside it',
    [
      said('a'),
      chunk({ content: 'b' }, { usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 } }),
      said('c').replace('"finish_reason":null', '"finish_reason":"stop"'),
      chunk({ content: 'd' }, { error: { message: 'x' } }),
      said('e'),
    ],
  ],
  ['a chunk cut short', [said('a'), said('b'), said('c').slice(0, -1), said('c').slice(1), said('d')]],
  [
    'a string that is not closed',
    [said('a'), said('b'), said('c').replace('"c"', '"c'), said('d\u0000').replace('\\u0000', '\u0000')],
  ],
  [
    'arguments of calls',
    [
      called({ id: 'a', function: { name: 'f', arguments: '' } }),
      ...['{"', 'city', '":"', 'Łódź', '\\', '\n', '"}', '', ' '].map(argued),
      ...['{', '}'].map((text) => argued(text).replace('"index":0,"f', '"index":1,"f')),
    ],
  ],
  ['arguments that look like what is around them', ['"', '"}', '"}}]}', ',"index":1', 'arguments', '\\"'].map(argued)],
  [
    'arguments with an id, a name, a text or another call beside them',
    [
      argued('a'),
      argued('b'),
      called({ id: 'b', function: { name: 'g', arguments: 'c' } }),
      chunk({ content: 'x', tool_calls: [{ index: 0, function: { arguments: 'd' } }] }),
      chunk({ tool_calls: [0, 1].map((index) => ({ index, function: { arguments: 'e' } })) }),
      argued('f').replace('"finish_reason":null', '"finish_reason":"tool_calls"'),
      argued('g'),
    ],
  ],
  [
    'arguments with a name in every chunk',
    ['{', '"x"', ':1}'].map((text) => called({ id: 'a', function: { name: 'f', arguments: text } })),
  ],
  [
    'arguments that are broken',
    [argued('a'), argued('b'), argued('c"').replace('\\"', '"'), argued('d').replace('d', '\\x'), argued('e')],
  ],
  ['parts in an array', ['a', 'b'].map((text) => chunk({ content: [{ type: 'text', text }] }))],
  ['a whole answer', ['a', 'b'].map((content) => JSON.stringify({ choices: [{ message: { content } }] }))],
  [
    'chunks none like the other',
    Array.from({ length: 30 }, (_, at) => chunk({ content: `${at}` }, { padding: 'x'.repeat(at) })),
  ],
];

test.for(SEQUENCES)('is what each chunk is by itself: %s', ([_title, chunks]) => {
  const { together, alone } = bothWays(chunks);
  expect(together).toEqual(alone);
});

test.for([
  ['text', said],
  ['arguments', argued],
] as const)('is read without parsing the chunk: %s', ([_title, make]) => {
  const readChunk = createChunkReader({ toImage, keepsThinking: false });
  const chunks = Array.from({ length: 100 }, (_, at) => make(`"${at}"`));
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  for (const data of chunks) readChunk(data, []);
  expect(parse.mock.calls.filter(([json]) => json.includes('choices'))).toHaveLength(2); // The first, and that with the probe.
});

describe('recorded answers', () => {
  const folder = join(import.meta.dirname, '../../fixtures/openai-compatible');
  const recorded = readdirSync(folder, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.sse'));

  test.for(recorded)('are what each of their chunks is by itself: %s', (file) => {
    const lines = readFixture(file)
      .split(/\r\n|\n|\r/)
      .filter((line) => line.startsWith('data:'));
    const { together, alone } = bothWays(lines.map((line) => line.slice('data:'.length).trim()));
    expect(together).toEqual(alone);
  });
});
