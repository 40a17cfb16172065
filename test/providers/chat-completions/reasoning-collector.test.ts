import { describe, expect, test } from 'vitest';
import type { ChatPart } from '../../../src/providers/chat.ts';
import {
  dataOf,
  REASONING_HISTORIES,
  type ReasoningHistory,
} from '../../../src/providers/chat-completions/continuation.ts';
import { chunk, readChunks, stop } from '../../helpers/chunk-stream.ts';
import { readFixture } from '../../helpers/openai-server.ts';

const call = chunk({ tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }] });
const text = (content: string) => chunk({ content });
const reasoning = (reasoning_content: string) => chunk({ content: null, reasoning_content });
const details = (...reasoning_details: object[]) => chunk({ content: '', reasoning_details });
const thinking = (...texts: string[]) =>
  chunk({ content: texts.map((one) => ({ type: 'thinking', thinking: [{ type: 'text', text: one }] })) });

type Events = Parameters<typeof readChunks>[0];

/** What the continuation holds, which has to be of a shape that is taken back. */
function keptOf(history: ReasoningHistory, events: Events): unknown {
  const finish = readChunks(events, history).at(-1) as Extract<ChatPart, { type: 'finish' }>;
  const { continuation = null } = finish;
  if (continuation === null) return null;
  expect(dataOf<unknown>(REASONING_HISTORIES[history], continuation)).toEqual(continuation.data);
  return continuation.data;
}

/** The data of the events of a recorded answer. */
const recorded = (name: string) =>
  readFixture(name)
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice('data: '.length));

describe('a server that wants its reasoning_content again', () => {
  test('gets the reasoning before calls, as one text', () => {
    const events = [reasoning('I need'), [reasoning(' the'), reasoning(' the')], reasoning(' weather.'), call, stop()];
    expect(keptOf('reasoning_content', events)).toBe('I need the the weather.');
    expect(keptOf('reasoning_content', recorded('deepseek/calls.sse'))).toBe('I need the weather.');
  });

  test('gets none of an answer without calls', () => {
    expect(keptOf('reasoning_content', [reasoning('Well.'), text('Hello'), stop('stop')])).toBeNull();
  });
});

describe('a server that wants its reasoning_details again', () => {
  test('gets the list, with what came in pieces joined', () => {
    expect(keptOf('reasoning_details', recorded('openrouter/calls.sse'))).toEqual([
      { type: 'reasoning.text', text: 'Two cities.', signature: 'c2lnbmVk', format: 'anthropic-claude-v1', index: 0 },
    ]);
  });

  test('gets the same piece as often as it came', () => {
    const piece = { type: 'reasoning.text', text: ' ha', index: 0 };
    expect(keptOf('reasoning_details', [details(piece), [details(piece), details(piece)], stop('stop')])).toEqual([
      { type: 'reasoning.text', text: ' ha ha ha', index: 0 },
    ]);
  });

  test('gets blocks of other types, of other places, behind a signature, and encrypted ones each for itself', () => {
    const blocks = [
      { type: 'reasoning.summary', summary: 'A', index: 0, id: null },
      { type: 'reasoning.encrypted', data: 'AAAA', index: 0, id: 'one' },
      { type: 'reasoning.encrypted', data: 'BBBB', index: 0, id: 'two' },
      { type: 'reasoning.text', text: 'B', signature: 'c2ln', index: 1 },
      { type: 'reasoning.text', text: 'C', index: 1 },
      { type: 'reasoning.text', text: 'D', index: 2, more: { deep: [1] } },
    ];
    expect(keptOf('reasoning_details', [...blocks.map((block) => details(block)), stop('stop')])).toEqual(blocks);
    expect(keptOf('reasoning_details', [details(...blocks), stop('stop')])).toEqual(blocks);
  });

  test('gets the details of an answer that came whole', () => {
    const reasoning_details = [{ type: 'reasoning.text', text: 'A', signature: 'c2ln', index: 0 }];
    const whole = JSON.stringify({
      choices: [{ message: { content: 'Hello', reasoning_details }, finish_reason: 'stop' }],
    });
    expect(keptOf('reasoning_details', [whole])).toEqual(reasoning_details);
  });

  test('gets none of an answer without any, and none of what is too much to be carried along', () => {
    expect(keptOf('reasoning_details', [text('Hello'), stop('stop')])).toBeNull();
    const large = details({ type: 'reasoning.encrypted', data: 'A'.repeat(1_000_000), index: 0 });
    expect(keptOf('reasoning_details', [large, large, large, large, large, stop('stop')])).toBeNull();
  });
});

describe('a server that wants its thinking parts again', () => {
  test('gets them joined, and how much text stands between them', () => {
    expect(
      keptOf('thinking', [
        thinking('A'),
        thinking(' greeting', '.'),
        [text('Bon'), text('jour')],
        text(' à tous'),
        thinking('More?'),
        text('!'),
        stop('stop'),
      ]),
    ).toEqual([
      { type: 'thinking', thinking: [{ type: 'text', text: 'A greeting.' }] },
      'Bonjour à tous'.length,
      { type: 'thinking', thinking: [{ type: 'text', text: 'More?' }] },
      1,
    ]);
  });

  test('gets those of recorded answers', () => {
    expect(keptOf('thinking', recorded('mistral/calls.sse'))).toEqual([
      { type: 'thinking', thinking: [{ type: 'text', text: 'The weather and the time.' }] },
    ]);
    expect(keptOf('thinking', recorded('mistral/thinking.sse'))).toEqual([
      { type: 'thinking', thinking: [{ type: 'text', text: 'A greeting; I greet back.' }], closed: true },
      'Bonjour à vous'.length,
    ]);
  });

  test('gets none of an answer that is text alone', () => {
    expect(keptOf('thinking', [text('Hello'), stop('stop')])).toBeNull();
  });
});

test('a server that wants nothing again gets nothing', () => {
  const finish = readChunks([reasoning('Well.'), call, stop()]).at(-1);
  expect(finish).not.toHaveProperty('continuation');
});
