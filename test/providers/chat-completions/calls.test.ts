import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ChatPart } from '../../../src/providers/chat.ts';
import { chunk, readChunks, stop } from '../../helpers/chunk-stream.ts';

interface Piece {
  readonly index?: unknown;
  readonly id?: unknown;
  readonly name?: unknown;
  readonly text?: unknown;
}

/** The data of an event with these pieces of calls. */
const calls = (...pieces: readonly Piece[]) =>
  chunk({
    tool_calls: pieces.map(({ index, id, name, text }) => ({ index, id, function: { name, arguments: text } })),
  });

type Events = Parameters<typeof readChunks>[0];

/** The whole calls of an answer, each as `id name arguments`; ids of ours as `…`. */
function wholeCalls(parts: readonly ChatPart[]): string[] {
  return parts.flatMap((part) =>
    part.type === 'tool-call'
      ? [`${part.callId.replace(/^call_[0-9a-f]{32}$/, '…')} ${part.name} ${part.argumentsText}`]
      : [],
  );
}

const bytes = [...'{"city":"Oslo"}'];

const FORMS: readonly (readonly [title: string, events: Events, ...calls: string[]])[] = [
  [
    'one call',
    [calls({ index: 0, id: 'a', name: 'f', text: '' }), calls({ index: 0, text: '{"x":1}' })],
    'a f {"x":1}',
  ],
  [
    'two interleaved calls',
    [
      calls({ index: 0, id: 'a', name: 'f' }, { index: 1, id: 'b', name: 'g' }),
      ...[...'{"x":1}'].map((text) => calls({ index: 0, text }, { index: 1, text })),
    ],
    'a f {"x":1}',
    'b g {"x":1}',
  ],
  [
    'calls whose indexes begin elsewhere',
    [calls({ index: 3, id: 'a', name: 'f', text: '{}' }), calls({ index: 1, id: 'b', name: 'g', text: '{}' })],
    'a f {}',
    'b g {}',
  ],
  [
    'no arguments',
    [calls({ index: 0, id: 'a', name: 'f' }, { index: 1, id: 'b', name: 'g', text: null })],
    'a f ',
    'b g ',
  ],
  [
    'no id',
    [calls({ index: 0, name: 'f', text: '{}' }), calls({ index: 1, name: 'f', text: '{}' })],
    '… f {}',
    '… f {}',
  ],
  [
    'no index',
    [calls({ id: 'a', name: 'f', text: '{"x"' }), calls({ text: ':1}' }), calls({ id: 'b', name: 'f', text: '{}' })],
    'a f {"x":1}',
    'b f {}',
  ],
  [
    'no index, and the id with every piece',
    [
      calls({ id: 'a', name: 'f' }),
      calls({ id: 'b', name: 'g' }),
      calls({ id: 'a', text: '{}' }),
      calls({ id: 'b', text: '{ }' }),
    ],
    'a f {}',
    'b g { }',
  ],
  [
    'neither id nor index',
    [
      calls({ name: 'f', text: '{}' }),
      calls({ name: 'f', text: '{"x":1}' }),
      calls({ name: 'g', text: '{"y"' }),
      calls({ text: ':2}' }),
    ],
    '… f {}',
    '… f {"x":1}',
    '… g {"y":2}',
  ],
  ['neither id nor index nor arguments', [calls({ name: 'f' }, { name: 'g' })], '… f ', '… g '],
  [
    'one index for all, though ids differ',
    [
      calls({ index: 0, id: 'a', name: 'f', text: '{}' }, { index: 0, id: 'b', name: 'g', text: '{"x"' }),
      calls({ index: 0, text: ':1}' }),
    ],
    'a f {}',
    'b g {"x":1}',
  ],
  [
    'one index for all, and no ids',
    [calls({ index: 0, name: 'f', text: '{"x":1}' }), calls({ index: 0, name: 'f', text: '{"x":2}' })],
    '… f {"x":1}',
    '… f {"x":2}',
  ],
  [
    'another id with every piece',
    [
      calls({ index: 0, id: 'a', name: 'f' }),
      calls({ index: 0, id: 'b', text: '{"x"' }),
      calls({ index: 0, id: 'c', text: ':1}' }),
    ],
    'a f {"x":1}',
  ],
  [
    'the id and the name with every piece',
    [
      calls({ index: 0, id: 'a', name: 'f', text: '{"x"' }),
      calls({ index: 0, id: 'a', name: 'f', text: ':{}' }),
      calls({ index: 0, id: 'a', name: 'f', text: '}' }),
    ],
    'a f {"x":{}}',
  ],
  [
    'a whole call once more at the end',
    [
      calls({ index: 0, id: 'a', name: 'f', text: '{"x"' }),
      calls({ index: 0, text: ':1}' }),
      calls({ index: 0, id: 'a', name: 'f', text: '{"x":1}' }),
    ],
    'a f {"x":1}',
  ],
  [
    'one id for two calls',
    [calls({ index: 0, id: 'a', name: 'f', text: '{}' }), calls({ index: 1, id: 'a', name: 'g', text: '{}' })],
    'a f {}',
    '… g {}',
  ],
  [
    'a name that comes late, in pieces',
    [
      calls({ index: 0, id: 'a', text: '{"x"' }),
      calls({ index: 0, name: 'get_' }),
      calls({ index: 0, name: 'weather' }),
      calls({ index: 0, text: ':1}' }),
    ],
    'a get_weather {"x":1}',
  ],
  ['an id that comes late', [calls({ index: 0, name: 'f' }), calls({ index: 0, id: 'a', text: '{}' })], 'a f {}'],
  [
    'pieces of one byte',
    [calls({ index: 0, id: 'a', name: 'f' }), ...bytes.map((text) => calls({ index: 0, text }))],
    'a f {"city":"Oslo"}',
  ],
  [
    'pieces that come together',
    [[calls({ index: 0, id: 'a', name: 'f' }), ...bytes.map((text) => calls({ index: 0, text }))]],
    'a f {"city":"Oslo"}',
  ],
  ['an object as arguments', [calls({ index: 0, id: 'a', name: 'f', text: { city: 'Oslo' } })], 'a f {"city":"Oslo"}'],
  ['arguments that are no JSON', [calls({ index: 0, id: 'a', name: 'f', text: '{"x": 1,' })], 'a f {"x": 1,'],
  ['arguments that are no object', [calls({ index: 0, id: 'a', name: 'f', text: '[1]' })], 'a f [1]'],
  [
    'the one call of former days',
    [chunk({ function_call: { name: 'f', arguments: '' } }), chunk({ function_call: { arguments: '{"x":1}' } })],
    '… f {"x":1}',
  ],
  [
    'both fields',
    [
      chunk({
        tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: '{}' } }],
        function_call: { name: 'f', arguments: '{}' },
      }),
    ],
    'a f {}',
  ],
  [
    'the fields of a call without a function around them',
    [chunk({ tool_calls: [{ id: 'a', name: 'f', arguments: '{}' }] })],
    'a f {}',
  ],
];

describe('calls', () => {
  test.for(FORMS)('are read: %s', ([_title, events, ...expected]) => {
    const parts = readChunks([...events, stop()]);
    expect(wholeCalls(parts)).toEqual(expected);
    expect(parts.at(-1)).toMatchObject({ reason: 'TOOL_CALLS', rawReason: 'tool_calls' });
    expectInOrder(parts);
  });

  test.for(['stop', 'function_call', 'eos', 'whatever'])('end an answer in TOOL_CALLS that ends in %s', (word) => {
    const parts = readChunks([calls({ index: 0, id: 'a', name: 'f', text: '{}' }), stop(word)]);
    expect(parts.at(-1)).toMatchObject({ reason: 'TOOL_CALLS', rawReason: word });
  });

  test('come between texts, in their order', () => {
    const parts = readChunks([
      chunk({ content: 'Before' }),
      calls({ index: 0, id: 'a', name: 'f', text: '{"x"' }),
      chunk({ content: 'after' }),
      calls({ index: 0, text: ':1}' }),
      stop(),
    ]);
    expect(parts.map((part) => ('text' in part ? part.text : part.type))).toEqual([
      'Before',
      '{"x"',
      'after',
      ':1}',
      'tool-call',
      'finish',
    ]);
  });

  test('that are whole are told once another begins', () => {
    const parts = readChunks([
      calls({ index: 0, id: 'a', name: 'f', text: '{}' }),
      calls({ index: 1, id: 'b', name: 'g', text: '{}' }),
      stop(),
    ]);
    expect(parts.map(({ type }) => type)).toEqual([
      'tool-call-delta',
      'tool-call',
      'tool-call-delta',
      'tool-call',
      'finish',
    ]);
  });

  test('of one read come in one part each', () => {
    const pieces = [0, 0, 0, 1, 1, 1].map((index) => calls({ index, text: 'x' }));
    const parts = readChunks([
      calls({ index: 0, id: 'a', name: 'f' }, { index: 1, id: 'b', name: 'g' }),
      pieces,
      stop(),
    ]);
    expect(parts.filter(({ type }) => type === 'tool-call-delta')).toMatchObject([
      { index: 0, text: 'xxx' },
      { index: 1, text: 'xxx' },
    ]);
  });

  test.for([
    ['an empty list', { tool_calls: [] }],
    ['null', { tool_calls: null, function_call: null }],
    ['an empty object', { tool_calls: [{}] }],
  ] as const)('are none where there is %s', ([_title, nothing]) => {
    const parts = readChunks([chunk({ content: 'Hello', ...nothing }), chunk({ ...nothing }, 'stop')]);
    expect(parts).toMatchObject([{ text: 'Hello' }, { reason: 'STOP' }]);
  });

  test.for(['length', 'content_filter'])('that may be cut by %s are none, but for those that are whole', (word) => {
    const whole = calls({ index: 0, id: 'a', name: 'f', text: '{"x":1}' });
    const parts = readChunks([whole, calls({ index: 1, id: 'b', name: 'f', text: '{"x":' }), stop(word)]);
    expect(wholeCalls(parts)).toEqual(['a f {"x":1}']);
    expect(parts.at(-1)).toMatchObject({ reason: word.toUpperCase() });
    expect(wholeCalls(readChunks([whole, stop(word)]))).toEqual(['a f {"x":1}']);
    expect(wholeCalls(readChunks([calls({ index: 0, id: 'a', name: 'f' }), stop(word)]))).toEqual([]);
  });

  test('are none where the answer is broken off within one', () => {
    const cut = [calls({ index: 0, id: 'a', name: 'f', text: '{"x":' })];
    expect(() => readChunks(cut)).toThrow('broke its answer off');
    expect(() => readChunks([...cut, '[DONE]'])).toThrow('broke its answer off');
  });

  test.for([
    ['without a name', [calls({ index: 0, id: 'a', text: '{}' })], 'a call without a name'],
    [
      'that goes on though it was whole',
      [
        calls({ index: 0, name: 'f', text: '{}' }),
        calls({ index: 1, name: 'g', text: '{}' }),
        calls({ index: 0, text: '}' }),
      ],
      'more of a call that was whole',
    ],
    [
      'whose name has no end',
      Array.from({ length: 700 }, (_, at) => calls({ index: 0, name: `${at}`.padEnd(100, '-') })),
      'a call without an end of its name',
    ],
    [
      'that are too many',
      Array.from({ length: 1001 }, (_, index) => calls({ index, name: 'f' })),
      'more than 1000 calls',
    ],
  ] as const)('break an answer %s', ([_title, events, message]) => {
    expect(() => readChunks([...events, stop()])).toThrow(`acme sent ${message}`);
  });
});

interface Call {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly cuts: readonly number[];
}

const call: fc.Arbitrary<Call> = fc.record({
  id: fc.uuid(),
  name: fc.stringMatching(/^[a-z][a-zA-Z0-9_-]{0,20}$/),
  text: fc.oneof(
    fc.constant(''),
    fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue()).map((json) => JSON.stringify(json)),
  ),
  cuts: fc.array(fc.nat(), { maxLength: 8 }),
});

function cutAt(text: string, cuts: readonly number[]): string[] {
  const places = [0, ...cuts.map((cut) => cut % (text.length + 1)).sort((a, b) => a - b), text.length];
  return places.slice(1).map((place, at) => text.slice(places[at], place));
}

/** How servers send a list of calls, each as a list of events of its own. */
const DIALECTS: Readonly<Record<string, (call: Call, index: number) => string[]>> = {
  'by index': ({ id, name, text, cuts }, index) => [
    calls({ index, id, name, text: '' }),
    ...cutAt(text, cuts).map((piece) => calls({ index, text: piece })),
  ],
  'by index, the name late': ({ id, name, text, cuts }, index) => {
    const [first, ...rest] = cutAt(text, cuts).map((piece) => calls({ index, text: piece }));
    return [calls({ index, id, name: null }), first ?? '', calls({ index, name }), ...rest];
  },
  'by index, without ids': ({ name, text, cuts }, index) => [
    calls({ index, name }),
    ...cutAt(text, cuts).map((piece) => calls({ index, text: piece })),
  ],
  'by id': ({ id, name, text, cuts }) => [
    calls({ id, name }),
    ...cutAt(text, cuts).map((piece) => calls({ id, text: piece })),
  ],
  'one index for all': ({ id, name, text, cuts }) => [
    calls({ index: 0, id, name }),
    ...cutAt(text, cuts).map((piece) => calls({ index: 0, text: piece })),
  ],
  'no index': ({ id, name, text, cuts }) => [
    calls({ id, name }),
    ...cutAt(text, cuts).map((piece) => calls({ text: piece })),
  ],
  whole: ({ id, name, text }) => [calls({ id, name, text })],
};
const INTERLEAVED = new Set(['by index', 'by index, the name late', 'by index, without ids', 'by id']);

const sent = fc
  .record({
    dialect: fc.constantFrom(...Object.keys(DIALECTS)),
    list: fc.uniqueArray(call, { minLength: 1, maxLength: 5, selector: ({ id }) => id }),
    order: fc.array(fc.nat(), { maxLength: 40 }),
    reads: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 20 }),
  })
  .map(({ dialect, list, order, reads }) => {
    const queues = list.map((one, at) => DIALECTS[dialect]?.(one, at) ?? []);
    const events = INTERLEAVED.has(dialect) ? interleave(queues, order) : queues.flat();
    return { dialect, list, events: inReads(events, reads) };
  });

/** The calls begin in their order, and then go on in any. */
function interleave(queues: readonly string[][], order: readonly number[]): string[] {
  const events = queues.flatMap((queue) => queue.splice(0, 1));
  for (const place of order) events.push(...(queues[place % queues.length]?.splice(0, 1) ?? []));
  return [...events, ...queues.flat()];
}

function inReads(events: readonly string[], sizes: readonly number[]): string[][] {
  let from = 0;
  const reads = sizes.map((size) => {
    from += size;
    return events.slice(from - size, from);
  });
  return [...reads, events.slice(from)];
}

test('what comes out of random calls in random pieces is what went in', () => {
  fc.assert(
    fc.property(sent, ({ dialect, list, events }) => {
      const parts = readChunks([...events, stop()]);
      const told = parts.flatMap((part) => (part.type === 'tool-call' ? [part] : []));
      expect(told.map(({ name, argumentsText: text }) => ({ name, text }))).toEqual(
        list.map(({ name, text }) => ({ name, text })),
      );
      if (dialect !== 'by index, without ids')
        expect(told.map(({ callId }) => callId)).toEqual(list.map(({ id }) => id));
      expectInOrder(parts);
    }),
    { numRuns: 500 },
  );
});

/** Deltas make up the calls that they stand before; indexes are those of the order, and ids are unique. */
function expectInOrder(parts: readonly ChatPart[]): void {
  const texts = new Map<string, string>();
  const whole: ChatPart[] = [];
  for (const part of parts) {
    if (part.type === 'tool-call-delta') {
      expect(part.text).not.toBe('');
      expect(whole).not.toContainEqual(expect.objectContaining({ index: part.index }));
      texts.set(keyOf(part), (texts.get(keyOf(part)) ?? '') + part.text);
    } else if (part.type === 'tool-call') {
      expect(texts.get(keyOf(part)) ?? '').toBe(part.argumentsText);
      whole.push(part);
    }
  }
  const indexes = whole.map((part) => (part as { index: number }).index);
  expect(indexes).toEqual(Array.from(indexes.keys()));
  expect(new Set(whole.map((part) => (part as { callId: string }).callId)).size).toBe(whole.length);
}

const keyOf = ({ index, callId, name }: { index: number; callId: string; name: string }) =>
  `${index} ${callId} ${name}`;
