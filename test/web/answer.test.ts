import { expect, test } from 'vitest';
import { type ChatEvent, createAnswer, lose, tell } from '../../web/src/conversations/answer.ts';

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
};
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
