import { expect, test } from 'vitest';
import type { ChatEvent } from '../../../src/gateway/chat/chat-event.ts';
import { createJournal, type Reader } from '../../../src/gateway/chat/journal.ts';

const delta = (seq: number, text: string, offset: number): ChatEvent => ({ type: 'ChatDelta', seq, text, offset });
const reasoning = (seq: number, text: string, offset: number): ChatEvent => ({
  type: 'ChatReasoningDelta',
  seq,
  text,
  offset,
});
const finished = (seq: number): ChatEvent => ({
  type: 'ChatFinished',
  seq,
  finishReason: 'STOP',
  rawFinishReason: null,
  length: 0,
  usage: null,
  firstTokenMs: null,
  durationMs: 0,
});

async function readAll(reader: Reader): Promise<ChatEvent[]> {
  const events: ChatEvent[] = [];
  for (let { value } = await reader.next(); value; { value } = await reader.next()) events.push(value);
  return events;
}

test('gives the text that waits as one delta, which bears the last place in it', async () => {
  const journal = createJournal(true);
  for (const event of [
    delta(0, 'He', 0),
    delta(1, 'l', 2),
    delta(2, 'lo', 3),
    reasoning(3, 'h', 0),
    reasoning(4, 'm', 1),
    delta(5, '!', 5),
    finished(6),
  ]) {
    journal.append(event);
  }
  expect(await readAll(journal.read())).toEqual([
    delta(2, 'Hello', 0),
    reasoning(4, 'hm', 0),
    delta(5, '!', 5),
    finished(6),
  ]);
});

test('gives a reader who comes back what follows the place it knows, wherever that is', async () => {
  const journal = createJournal(true);
  const texts = ['a', 'bc', 'd', 'efg', 'h'];
  let offset = 0;
  for (const [seq, text] of texts.entries()) {
    journal.append(delta(seq, text, offset));
    offset += text.length;
  }
  journal.append(finished(5));
  for (let after = 0; after < 5; after++) {
    const [first] = await readAll(journal.read({ after }));
    const rest = texts.slice(after + 1).join('');
    if (rest) expect(first).toEqual(delta(4, rest, texts.slice(0, after + 1).join('').length));
    else expect(first).toEqual(finished(5));
  }
  expect(await readAll(journal.read({ after: 5 }))).toEqual([]);
  expect(await readAll(journal.read({ after: 99 }))).toEqual([]);
});

test('gives at most one event a turn, so that a burst is one delta', async () => {
  const journal = createJournal(false);
  const all = readAll(journal.read());
  for (let burst = 0; burst < 3; burst++) {
    for (let at = 0; at < 1000; at++) {
      const seq = burst * 1000 + at;
      journal.append(delta(seq, 'x', seq));
      if (at % 10 === 0) await null;
    }
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  }
  journal.append(finished(3000));
  const events = await all;
  expect(events.map((event) => (event.type === 'ChatDelta' ? event.text.length : event.type))).toEqual([
    1000,
    1000,
    1000,
    'ChatFinished',
  ]);
});

test('says when there is no room, until the reader that is furthest on has caught up', async () => {
  const journal = createJournal(false);
  const [slow, quick] = [journal.read(), journal.read()];
  expect(journal.room()).toBeUndefined();
  for (let seq = 0; seq < 5; seq++) journal.append(delta(seq, 'x'.repeat(32_768), seq * 32_768));
  const room = journal.room();
  expect(room).toBeInstanceOf(Promise);
  expect(quick.stalledAt).toBe(0);
  await quick.next();
  await room;
  expect(journal.room()).toBeUndefined();
  expect((await slow.next()).value).toMatchObject({ seq: 3, offset: 0 });
});

test('goes on for readers to come only as far as for one who is slow', async () => {
  const journal = createJournal(true);
  const reader = journal.read();
  journal.append(delta(0, 'x'.repeat(200_000), 0));
  const room = journal.room();
  reader.leave();
  const state = await Promise.race([room?.then(() => 'room'), new Promise((resolve) => setImmediate(resolve, 'none'))]);
  expect(state).toBe('none');
  expect((await journal.read().next()).value).toMatchObject({ seq: 0 });
  await room;
  expect(journal.room()).toBeUndefined();
});

test('has room for a reader who knows more than there is', () => {
  const journal = createJournal(true);
  journal.read({ after: 1000 });
  for (let seq = 0; seq < 5; seq++) journal.append(delta(seq, 'x'.repeat(200_000), seq * 200_000));
  expect(journal.room()).toBeUndefined();
});

test('makes room when the readers leave, and once it is released', async () => {
  for (const free of ['leave', 'release'] as const) {
    const journal = createJournal(false);
    const reader = journal.read();
    journal.append(delta(0, 'x'.repeat(2_000_000), 0));
    const room = journal.room();
    if (free === 'leave') reader.leave();
    else journal.release();
    await room;
    expect(journal.room()).toBeUndefined();
  }
});

test('ends those who wait when it is closed, or they leave', async () => {
  const journal = createJournal(false);
  const [one, other] = [journal.read(), journal.read()];
  const waiting = [one.next(), other.next()];
  one.leave();
  expect(await waiting[0]).toEqual({ done: true, value: undefined });
  journal.close();
  expect(await waiting[1]).toEqual({ done: true, value: undefined });
  expect(await one.next()).toEqual({ done: true, value: undefined });
});
