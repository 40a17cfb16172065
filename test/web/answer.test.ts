import { expect, test } from 'vitest';
import { type ChatEvent, createAnswer, lose, tell, wantsResults } from '../../web/src/conversations/answer.ts';

const model = { id: 'acme/acme-1', name: 'acme-1', provider: { id: 'acme', name: 'Acme' } };
const started = (seq: number): ChatEvent => ({ __typename: 'ChatStarted', seq, model, attempts: [] });
const delta = (seq: number, text: string, offset: number): ChatEvent => ({
  __typename: 'ChatDelta',
  seq,
  text,
  offset,
});
const finished: ChatEvent = {
  __typename: 'ChatFinished',
  seq: 9,
  finishReason: 'STOP',
  rawFinishReason: 'stop',
  length: 3,
  usage: null,
  firstTokenMs: 1,
  durationMs: 2,
  continuation: null,
  object: null,
  objectProblems: [],
};
const call = { index: 0, callId: 'call-0', name: 'weather' };
const piece = (seq: number, text: string, offset: number): ChatEvent => ({
  __typename: 'ChatToolCallDelta',
  seq,
  ...call,
  text,
  offset,
});
const answer = createAnswer({ id: 'chat-1', messages: [{ role: 'USER', content: 'Hello' }] });
const after = (...events: readonly ChatEvent[]) => events.reduce(tell, answer);

test('an answer knows the last event that it was made from', () => {
  expect(answer.seq).toBeNull();
  expect(after(started(0), delta(3, 'One, ', 0), delta(4, 'two', 5))).toMatchObject({ seq: 4, text: 'One, two' });
});

test('a piece that comes again stands there once', () => {
  expect(after(started(0), delta(1, 'One', 0), delta(2, 'One, two', 0)).text).toBe('One, two');
});

test('a new start voids what came before', () => {
  expect(after(started(0), delta(1, 'One', 0), started(2), delta(3, 'Uno', 0)).text).toBe('Uno');
});

test('where a piece is missing the answer is told as lost from there on, whatever comes after', () => {
  const holed = after(started(0), delta(1, 'One', 0), delta(3, 'three', 8), delta(4, ', four', 13), finished);
  expect(holed).toMatchObject({ state: 'failed', text: 'One', failure: { code: 'LOST', retryable: true } });
});

test('an answer of which the rest is lost keeps what came', () => {
  expect(lose(after(started(0), delta(1, 'One', 0)))).toMatchObject({ state: 'failed', text: 'One' });
});

test('a call is there while its arguments are written, each piece once, and is whole when it is told whole', () => {
  const written = after(started(0), piece(1, '{"city"', 0), piece(2, '{"city":"Os', 0), piece(3, 'lo"}', 11));
  expect(written.calls).toMatchObject([{ ...call, argumentsText: '{"city":"Oslo"}', isWhole: false }]);
  const whole: ChatEvent = {
    __typename: 'ChatToolCall',
    seq: 4,
    ...call,
    argumentsText: '{"city":"Oslo"}',
    arguments: { city: 'Oslo' },
  };
  const told = tell(written, whole);
  expect(told.calls).toMatchObject([{ ...call, arguments: { city: 'Oslo' }, isWhole: true }]);
  expect(wantsResults(told)).toBe(false); // More may come.
  expect(wantsResults(tell(told, { ...finished, finishReason: 'TOOL_CALLS' }))).toBe(true);
  expect(tell(told, started(6)).calls).toEqual([]);
});

test('calls that come interleaved stand in the order in which they began', () => {
  const second: ChatEvent = { ...piece(1, '{', 0), index: 1, callId: 'call-1' } as ChatEvent;
  expect(after(started(0), second, piece(2, '{', 0)).calls.map(({ index }) => index)).toEqual([0, 1]);
});

test('where a piece of the arguments is missing the answer is told as lost', () => {
  expect(after(started(0), piece(1, '{', 0), piece(2, '}', 9))).toMatchObject({
    state: 'failed',
    failure: { code: 'LOST' },
  });
});

test('events that this page does not know are passed over', () => {
  const unknown = { __typename: 'ChatSmell', seq: 2 } as unknown as ChatEvent;
  expect(after(started(0), delta(1, 'One', 0), unknown, finished)).toMatchObject({ state: 'finished', text: 'One' });
});
