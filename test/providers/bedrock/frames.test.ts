import { describe, expect, test } from 'vitest';
import { createFrameSplitter, type Frame } from '../../../src/providers/bedrock/frames.ts';
import { delta, event, exception, frame } from '../../helpers/bedrock-server.ts';
import { inBytes, inHalves } from '../../helpers/fake-upstream.ts';

const LIMITS = { name: 'Bedrock', maxBytes: 10_000 };

function split(...chunks: readonly Uint8Array[]): Frame[] {
  const splitter = createFrameSplitter(LIMITS);
  const frames = chunks.flatMap((chunk) => [...splitter.push(chunk)]);
  splitter.end();
  return frames;
}

const HELLO = delta(0, { text: 'Grüße 👋' });
const body = Buffer.concat([event('messageStart'), HELLO, HELLO, exception('throttlingException', 'Too many')]);
const whole = split(body);

test('tells the type, the name and the JSON of each frame', () => {
  expect(whole.map(({ type, name }) => `${type} ${name}`)).toEqual([
    'event messageStart',
    'event contentBlockDelta',
    'event contentBlockDelta',
    'exception throttlingException',
  ]);
  expect(JSON.parse(whole[1]?.text ?? '')).toMatchObject({ delta: { text: 'Grüße 👋' } });
  const error = frame({ ':message-type': 'error', ':error-code': 'InternalError', ':error-message': 'Oh' }, '');
  expect(split(error)).toEqual([{ type: 'error', name: 'InternalError', message: 'Oh', text: '' }]);
});

test('gives the same frames however the bytes are cut', () => {
  expect(split(...inBytes(body))).toEqual(whole);
  for (const halves of inHalves(body)) expect(split(...halves)).toEqual(whole);
});

test('a frame that is cut anywhere is broken off', () => {
  for (let end = 1; end < HELLO.length; end++) {
    expect(() => split(HELLO.subarray(0, end))).toThrow('Bedrock broke its answer off within a frame');
  }
});

describe('a frame that is damaged in any byte is no frame', () => {
  test.for([
    ['turned over', 0xff],
    ['off by a bit', 0x01],
    ['off by the highest bit', 0x80],
  ] as const)('%s', ([_how, mask]) => {
    for (let at = 0; at < HELLO.length; at++) {
      const damaged = Uint8Array.from(HELLO);
      damaged[at] = (damaged[at] ?? 0) ^ mask;
      const splitter = createFrameSplitter(LIMITS);
      expect(() => [...splitter.push(damaged)], `byte ${at}`).toThrow('Bedrock sent a damaged frame');
    }
  });
});

test('frames before a damaged one are given first', () => {
  const damaged = Uint8Array.from(HELLO).fill(0, 20, 30);
  const splitter = createFrameSplitter(LIMITS);
  const frames: Frame[] = [];
  const read = () => {
    for (const one of splitter.push(Buffer.concat([HELLO, damaged]))) frames.push(one);
  };
  expect(read).toThrow(expect.objectContaining({ code: 'BAD_RESPONSE', retryable: false }));
  expect(frames).toHaveLength(1);
});

test('a frame that is too long is refused by its length alone', () => {
  const long = event('messageStart', {}, 'x'.repeat(LIMITS.maxBytes));
  const splitter = createFrameSplitter(LIMITS);
  expect(() => [...splitter.push(long.subarray(0, 12))]).toThrow(expect.objectContaining({ code: 'TOO_LARGE' }));
});

test.for(['<!doctype html>', '{"message":"Oh"}', '\0'.repeat(12)])('what is no frame at all is told: %j', (text) => {
  const splitter = createFrameSplitter(LIMITS);
  expect(() => [...splitter.push(Buffer.from(text))]).toThrow('Bedrock sent a damaged frame');
});
