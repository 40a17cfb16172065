import { expect, test } from 'vitest';
import type { ChatEvent } from '../../../src/gateway/chat/chat-event.ts';
import { chatEventPolicy } from '../../../src/gateway/chat/chat-event-policy.ts';
import { createJournal } from '../../../src/gateway/journal/journal.ts';

const delta = (seq: number, text: string, offset: number): ChatEvent => ({ type: 'ChatDelta', seq, text, offset });
const reasoning = (seq: number, text: string, offset: number): ChatEvent => ({
  type: 'ChatReasoningDelta',
  seq,
  text,
  offset,
});
const image = (seq: number): ChatEvent => ({ type: 'ChatImage', seq, image: { url: 'https://a/b', alt: 'a cat' } });
const finished = (seq: number): ChatEvent => ({
  type: 'ChatFinished',
  seq,
  finishReason: 'STOP',
  rawFinishReason: null,
  length: 0,
  usage: null,
  firstTokenMs: null,
  durationMs: 0,
  continuation: null,
  object: null,
  objectProblems: [],
});

test('merges text with text and thinking with thinking, from the first offset to the last place', async () => {
  const journal = createJournal({ policy: chatEventPolicy, isKept: true });
  for (const event of [
    delta(0, 'He', 0),
    delta(1, 'l', 2),
    delta(2, 'lo', 3),
    reasoning(3, 'h', 0),
    reasoning(4, 'm', 1),
    delta(5, '!', 5),
    image(6),
    image(7),
    finished(8),
  ]) {
    journal.append(event);
  }
  const events: ChatEvent[] = [];
  const reader = journal.read();
  for (let { value } = await reader.next(); value; { value } = await reader.next()) events.push(value);
  expect(events).toEqual([
    delta(2, 'Hello', 0),
    reasoning(4, 'hm', 0),
    delta(5, '!', 5),
    image(6),
    image(7),
    finished(8),
  ]);
  expect(journal.ended).toBe(true);
});

test('counts text, thinking and the urls of pictures', () => {
  expect([delta(0, 'a👋', 0), reasoning(0, 'hm', 0), image(0), finished(0)].map(chatEventPolicy.sizeOf)).toEqual([
    3, 2, 11, 0,
  ]);
});
