import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { readFixture } from '../helpers/openai-server.ts';

/** A good answer in one of the dialects, and one thing that is broken in it. */
export interface BrokenStream {
  readonly dialect: Dialect;
  /** As it should have been. */
  readonly good: string;
  /** As it comes; pieces of it come one after another. */
  readonly pieces: readonly Uint8Array[];
  readonly end: 'end' | 'cut' | 'reset';
  readonly fault: string;
}

export type Dialect = 'openai-compatible' | 'chatgptfree' | 'aichats' | 'websim';

const CONTENT_TYPES = {
  'openai-compatible': 'text/event-stream',
  chatgptfree: 'text/event-stream',
  aichats: 'text/event-stream',
  websim: 'application/json',
} as const;

export function contentTypeOf(dialect: Dialect): string {
  return CONTENT_TYPES[dialect];
}

/**
 * Those of one line an event: the oracle knows no others. Of calls without ids nobody can tell whether one that is there
 * twice is two.
 */
const RECORDED = readdirSync(join(import.meta.dirname, '../fixtures/openai-compatible'), { recursive: true })
  .map(String)
  .filter((file) => file.endsWith('.sse') && !/error|unusual-framing|unmarked.calls/.test(file))
  .map(readFixture);

const word = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 });
const words = fc.array(word, { minLength: 1, maxLength: 8 });

const chunk = (delta: object, finish_reason: string | null = null) =>
  JSON.stringify({ id: 'chatcmpl-1', choices: [{ index: 0, delta, finish_reason }] });
const usage = '{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}';

/** Calls with arguments that are hard to carry, in pieces: one after another, or in turn. */
const calls = fc
  .record({
    texts: fc.array(
      fc.dictionary(word, fc.oneof(word, fc.integer()), { maxKeys: 4 }).map((json) => JSON.stringify(json)),
      { minLength: 1, maxLength: 4 },
    ),
    size: fc.integer({ min: 1, max: 12 }),
    isInterleaved: fc.boolean(),
  })
  .map(({ texts, size, isInterleaved }) => {
    const events = texts.flatMap((text, index) => {
      const pieces = text.match(new RegExp(`.{1,${size}}`, 'gsu')) ?? [];
      const toChunk = (call: object) => chunk({ tool_calls: [{ index, ...call }] });
      return [
        { turn: 0, data: toChunk({ id: `call_${index}`, function: { name: `tool-${index}`, arguments: '' } }) },
        ...pieces.map((piece, at) => ({ turn: at + 1, data: toChunk({ function: { arguments: piece } }) })),
      ];
    });
    const inOrder = isInterleaved ? events.toSorted((one, other) => one.turn - other.turn) : events;
    return inOrder.map(({ data }) => data);
  });

/** The answers of each dialect, with text that is hard to carry. */
const answers: Readonly<Record<Dialect, fc.Arbitrary<string>>> = {
  'openai-compatible': fc.oneof(
    fc.constantFrom(...RECORDED),
    words.map((texts) =>
      [...texts.map((content) => chunk({ content })), chunk({}, 'stop'), usage, '[DONE]']
        .map((data) => `data: ${data}\n\n`)
        .join(''),
    ),
    words.map((texts) =>
      [...texts.map((content) => chunk({ content })), chunk({}, 'length')]
        .map((data) => `data:${data}\r\n\r\n`)
        .join(''),
    ),
    fc
      .record({ called: calls, before: word, reason: fc.constantFrom('tool_calls', 'stop') })
      .map(({ called, before, reason }) =>
        [chunk({ content: before }), ...called, chunk({}, reason), usage, '[DONE]']
          .map((data) => `data: ${data}\n\n`)
          .join(''),
      ),
  ),
  chatgptfree: words.map((texts) =>
    [...texts.map((content) => chunk({ content })), '[DONE]'].map((data) => `data: ${data}\n\n`).join(''),
  ),
  aichats: words.map((texts) => texts.map((text) => `data: ${text.replace(/[\r\n]/g, ' ')}x\n\n`).join('')),
  websim: word.map((content) => JSON.stringify({ content: `${content}.` })),
};

/** One thing that is broken, somewhere. */
const faults: Readonly<Record<string, (bytes: Buffer, at: number, value: number) => Uint8Array>> = {
  'a byte is another': (bytes, at, value) => Buffer.from(bytes.with(at, value)),
  'a byte is lost': (bytes, at) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1)]),
  'a byte too many': (bytes, at, value) => Buffer.concat([bytes.subarray(0, at), Buffer.of(value), bytes.subarray(at)]),
  'an event is cut short': (bytes, at) => withEvents(bytes, at, (event) => [`${event.trimEnd().slice(0, -3)}\n\n`]),
  'an event is words': (bytes, at) => withEvents(bytes, at, () => ['data: upstream connect error\n\n']),
  'an event is there twice': (bytes, at) => withEvents(bytes, at, (event) => [event, event]),
  'two events have changed places': (bytes, at) => withEvents(bytes, at, (event, next) => [next, event], 2),
  'an event has a field that nobody knows': (bytes, at) =>
    withEvents(bytes, at, (event) => [event.replace('{', '{"x":{"y":[1,"z"]},')]),
  'a line has a field that nobody knows': (bytes, at) => withEvents(bytes, at, (event) => ['mood: fine\n', event]),
  'a comment': (bytes, at) => withEvents(bytes, at, (event) => [': ping\n\n', event]),
  'a line end is lost': (bytes, at) => withLineEnd(bytes, at, ''),
  'a line end is there twice': (bytes, at) => withLineEnd(bytes, at, '\n\n'),
  'a line end is another': (bytes, at) => withLineEnd(bytes, at, '\r'),
  'it ends early': (bytes, at) => bytes.subarray(0, at),
  'nothing is broken but the connection': (bytes) => bytes,
};

function withEvents(bytes: Buffer, at: number, change: (event: string, next: string) => string[], count = 1): Buffer {
  const events = bytes.toString().split(/(?<=\r?\n\r?\n)/);
  const index = at % Math.max(1, events.length - count + 1);
  const [event = '', next = ''] = events.slice(index, index + 2);
  events.splice(index, count, ...change(event, count === 2 ? next : ''));
  return Buffer.from(events.join(''));
}

function withLineEnd(bytes: Buffer, at: number, end: string): Buffer {
  const parts = bytes.toString().split('\n');
  const index = 1 + (at % Math.max(1, parts.length - 1));
  return Buffer.from(parts.slice(0, index).join('\n') + end + parts.slice(index).join('\n'));
}

const dialect = fc.constantFrom<Dialect>(
  'openai-compatible',
  'openai-compatible',
  'openai-compatible',
  'chatgptfree',
  'aichats',
  'websim',
);

export const brokenStream: fc.Arbitrary<BrokenStream> = dialect.chain((dialect) =>
  fc
    .record({
      good: answers[dialect],
      fault: fc.constantFrom(...Object.keys(faults)),
      place: fc.nat(),
      value: fc.integer({ min: 0, max: 255 }),
      cuts: fc.array(fc.nat(), { maxLength: 3 }),
      end: fc.constantFrom<BrokenStream['end']>('end', 'end', 'end', 'cut', 'reset'),
    })
    .map(({ good, fault, place, value, cuts, end }) => {
      const bytes = Buffer.from(good);
      const broken = Buffer.from(faults[fault]?.(bytes, place % bytes.length, value) ?? bytes);
      return { dialect, good, fault, end, pieces: cutAt(broken, cuts) };
    }),
);

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((place, at) => bytes.subarray(places[at], place));
}
