import { describe, expect, test } from 'vitest';
import type { ChatPart } from '../../../src/providers/chat.ts';
import { ProviderError } from '../../../src/providers/errors.ts';
import { createResponsesReader } from '../../../src/providers/responses/reader.ts';

/** What the reader makes of these events. @throws ProviderError */
function read(...events: readonly (string | object)[]): ChatPart[] {
  const reader = createResponsesReader({
    name: 'acme',
    dialect: 'responses/acme',
    toImagePart: ({ result }) => ({ type: 'image', image: { url: String(result), alt: '' } }),
    http: { clean: (text) => text, toError: () => new ProviderError('UNAVAILABLE', 'acme sent an error') },
  });
  const parts: ChatPart[] = [];
  for (const event of events) {
    if (reader.graceMs !== 0) reader.read(parts, typeof event === 'string' ? event : JSON.stringify(event), '');
  }
  const finish = reader.end(parts);
  if (finish === null) throw new ProviderError('BAD_RESPONSE', 'acme broke its answer off');
  return [...parts, { type: 'finish', ...finish }];
}

const added = (item: object, output_index?: number) => ({ type: 'response.output_item.added', output_index, item });
const done = (item: object, output_index?: number) => ({ type: 'response.output_item.done', output_index, item });
const text = (delta: string, output_index?: number) => ({ type: 'response.output_text.delta', output_index, delta });
const args = (delta: string, output_index?: number) => {
  return { type: 'response.function_call_arguments.delta', output_index, item_id: delta, delta };
};
const call = (call_id: string, name: string, text = '') => ({ type: 'function_call', call_id, name, arguments: text });
const COMPLETED = { type: 'response.completed', response: { status: 'completed' } };

const told = (parts: readonly ChatPart[]) =>
  parts.flatMap((part) => (part.type === 'tool-call' ? [`${part.callId} ${part.name} ${part.argumentsText}`] : []));
const words = (parts: readonly ChatPart[]) => parts.map((part) => ('text' in part ? part.text : part.type)).join('|');

describe('calls', () => {
  test('that are written at the same time are told apart by their places', () => {
    const parts = read(
      added(call('a', 'one'), 1),
      added(call('b', 'two'), 0),
      ...[args('{"x"', 0), args('{"y', 1), args(':1}', 0), args('":2}', 1)],
      ...[done(call('a', 'one', '{"y":2}'), 1), done(call('b', 'two', '{"x":1}'), 0)],
      COMPLETED,
    );
    expect(told(parts)).toEqual(['a one {"y":2}', 'b two {"x":1}']);
  });

  test('and all else are told apart where everything has the same place', () => {
    const parts = read(
      ...[added({ type: 'reasoning' }, 0), { type: 'response.reasoning_text.delta', output_index: 0, delta: 'Hm.' }],
      ...[added({ type: 'message' }, 0), text('Let me see.', 0)],
      ...[added(call('a', 'one'), 0), args('{}', 0), added(call('b', 'two'), 0), args('{"x":1}', 0)],
      COMPLETED,
    );
    expect(words(parts.slice(0, 2))).toBe('Hm.|Let me see.');
    expect(told(parts)).toEqual(['a one {}', 'b two {"x":1}']);
  });

  test('whose beginning does not come are known when they are whole', () => {
    expect(told(read(args('{"x"', 3), args(':1}', 3), done(call('a', 'one', '{"x":1}'), 3), COMPLETED))).toEqual([
      'a one {"x":1}',
    ]);
  });

  test('without places go one after another', () => {
    expect(
      told(read(added(call('a', 'one')), args('{"x":1}'), added(call('b', 'two')), args('{}'), COMPLETED)),
    ).toEqual([...['a one {"x":1}', 'b two {}']]);
  });

  test('that the service runs itself are none of ours', () => {
    const types = ['web_search_call', 'code_interpreter_call', 'mcp_call', 'file_search_call'];
    const parts = read(
      ...types.map((type, at) => done({ type, arguments: '{}', name: 'x' }, at)),
      text('Hi', 9),
      COMPLETED,
    );
    expect(words(parts)).toBe('Hi|finish');
    expect(parts.at(-1)).toMatchObject({ reason: 'STOP' });
  });

  test('without a name fail the answer', () => {
    expect(() => read(added(call('a', ''), 0), args('{}', 0), COMPLETED)).toThrow('acme sent a call without a name');
  });
});

describe('what an answer needs to see again of itself', () => {
  const thought = (id: string) => ({ type: 'reasoning', id, summary: [], encrypted_content: id });
  const picture = { type: 'image_generation_call', id: 'ig_1', result: 'data:image/png;base64,iVBORw0=' };
  const dataOf = (...items: readonly object[]) => {
    const parts = read(...items.map((item, at) => done(item, at)), COMPLETED);
    return parts.flatMap((part) => (part.type === 'finish' ? [part.continuation?.data] : []))[0];
  };
  const message = { type: 'message', content: [{ type: 'output_text', text: 'Hello' }] };

  test('is no reasoning that led to something which cannot be sent back', () => {
    expect(dataOf(thought('rs_1'), picture, thought('rs_2'), message)).toEqual([thought('rs_2'), 5]);
    expect(dataOf(thought('rs_1'), { type: 'hologram_call' }, message)).toBeUndefined();
  });

  test('is no reasoning that led to nothing', () => {
    expect(dataOf(thought('rs_1'), message, thought('rs_2'))).toEqual([thought('rs_1'), 5]);
    expect(dataOf(thought('rs_1'), { ...message, content: [] })).toBeUndefined();
  });

  test('is no reasoning that nobody could read', () => {
    expect(dataOf({ type: 'reasoning', id: 'rs_1', summary: [], encrypted_content: null }, message)).toBeUndefined();
  });
});

test.for<[{ readonly status: string; [field: string]: unknown }, string, string]>([
  [{ status: 'completed' }, 'STOP', 'completed'],
  [{ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } }, 'LENGTH', 'max_output_tokens'],
  [{ status: 'incomplete', incomplete_details: { reason: 'content_filter' } }, 'CONTENT_FILTER', 'content_filter'],
  [{ status: 'incomplete', incomplete_details: { reason: 'tired' } }, 'OTHER', 'tired'],
  [{ status: 'incomplete', incomplete_details: null }, 'OTHER', 'incomplete'],
])('the end %j is %s', ([response, reason, rawReason]) => {
  expect(read(text('Hi'), { type: `response.${response.status}`, response }).at(-1)).toMatchObject({
    reason,
    rawReason,
    usage: null,
  });
});

test('events of a type that is not known say nothing', () => {
  const unknown = { type: 'response.something.new', error: { message: 'no' }, delta: 'no text' };
  expect(words(read(unknown, text('Hi'), { type: 'keepalive' }, COMPLETED))).toBe('Hi|finish');
});

test('nothing after the end counts', () => {
  expect(words(read(text('Hi'), COMPLETED, text(' there'), { type: 'error' }, 'no JSON'))).toBe('Hi|finish');
});

test.for<[string, (string | object)[], string]>([
  ['no end', [text('Hi'), '[DONE]'], 'acme broke its answer off'],
  ['what is no JSON', [text('Hi'), '{"type":"response.outp', COMPLETED], 'acme sent an event that cannot be read'],
  ['an error', [text('Hi'), { type: 'error' }], 'acme sent an error'],
  ['an error of no type', [{ error: { message: 'no' } }], 'acme sent an error'],
  [
    'a whole that is being written',
    [{ object: 'response', status: 'in_progress', output: [] }],
    'acme broke its answer',
  ],
  ['a whole that was cancelled', [{ object: 'response', status: 'cancelled' }], 'acme sent an error'],
  ['a failure without a word', [{ type: 'response.failed', response: {} }], 'acme sent an error'],
])('an answer with %s fails', ([, events, message]) => {
  expect(() => read(...events)).toThrow(message);
});
