import { expect, test } from 'vitest';
import { createJournal } from '../../../src/gateway/journal/journal.ts';
import type { Reader } from '../../../src/gateway/journal/reader.ts';
import { first, last, mark, type WordEvent, word, wordPolicy } from '../../helpers/word-events.ts';

const createKept = () => createJournal({ policy: wordPolicy, isKept: true });
const createPassing = () => createJournal({ policy: wordPolicy, isKept: false });

async function readAll(reader: Reader<WordEvent>): Promise<WordEvent[]> {
  const events: WordEvent[] = [];
  for (let { value } = await reader.next(); value; { value } = await reader.next()) events.push(value);
  return events;
}

const nextTurn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('gives what waits and can be merged as one event, which bears the last place in it', async () => {
  const journal = createKept();
  for (const event of [word(0, 'He'), word(1, 'l'), word(2, 'lo'), mark(3), mark(4), word(5, '!'), last(6)]) {
    journal.append(event);
  }
  expect(await readAll(journal.read())).toEqual([word(2, 'Hello'), mark(3), mark(4), word(5, '!'), last(6)]);
});

test('merges no more into one event once it has as much as may wait', async () => {
  const journal = createKept();
  for (let seq = 0; seq < 5; seq++) journal.append(word(seq, 'x'.repeat(60)));
  journal.append(last(5));
  const sizes = (await readAll(journal.read())).map(({ text }) => text.length);
  expect(sizes).toEqual([120, 120, 60, 0]);
});

test('gives a reader who comes back what follows the place it knows, wherever that is', async () => {
  const journal = createKept();
  const texts = ['a', 'bc', 'd', 'efg', 'h'];
  for (const [seq, text] of texts.entries()) journal.append(word(seq, text));
  journal.append(last(5));
  for (let after = 0; after < 4; after++) {
    const rest = texts.slice(after + 1).join('');
    expect(await readAll(journal.read({ after }))).toEqual([word(4, rest), last(5)]);
  }
  expect(await readAll(journal.read({ after: 4 }))).toEqual([last(5)]);
  expect(await readAll(journal.read({ after: 5 }))).toEqual([]);
  expect(await readAll(journal.read({ after: 99 }))).toEqual([last(5)]);
});

test('gives at most one event a turn, so that a burst is one event', async () => {
  const journal = createPassing();
  const all = readAll(journal.read());
  for (let burst = 0; burst < 3; burst++) {
    for (let at = 0; at < 90; at++) {
      journal.append(word(burst * 90 + at, 'x'));
      if (at % 10 === 0) await null;
    }
    await nextTurn();
  }
  journal.append(last(270));
  const events = await all;
  expect(events.map(({ text }) => text.length)).toEqual([90, 90, 90, 0]);
});

test('gives what follows the first event in the same turn', async () => {
  const journal = createPassing();
  const reader = journal.read();
  journal.append(first(0));
  journal.append(word(1, 'He'));
  let hasTurned = false;
  expect((await reader.next()).value).toEqual(first(0));
  setImmediate(() => {
    hasTurned = true;
  });
  expect((await reader.next()).value).toEqual(word(1, 'He'));
  expect(hasTurned).toBe(false);
});

test('tells its readers of each event that they take, and of the end', async () => {
  const journal = createKept();
  const told: unknown[] = [];
  for (const event of [word(0, 'a'), word(1, 'b'), last(2)]) journal.append(event);
  await readAll(journal.read({ onTake: ({ seq }) => told.push(seq), onEnd: () => told.push('end') }));
  expect(told).toEqual([1, 2, 'end']);
});

test('tells how far it is, and whether it has ended', () => {
  const journal = createKept();
  expect([journal.last, journal.ended]).toEqual([-1, false]);
  journal.append(word(0, 'a'));
  expect([journal.last, journal.ended]).toEqual([0, false]);
  journal.append(last(1));
  expect([journal.last, journal.ended]).toEqual([1, true]);
});

test('says when there is no room, until the reader that is furthest on has caught up', async () => {
  const journal = createPassing();
  const [slow, quick] = [journal.read(), journal.read()];
  expect(journal.room()).toBeUndefined();
  for (let seq = 0; seq < 5; seq++) journal.append(word(seq, 'x'.repeat(25)));
  const room = journal.room();
  expect(room).toBeInstanceOf(Promise);
  expect(quick.stalledAt).toBe(0);
  await quick.next();
  await room;
  expect(journal.room()).toBeUndefined();
  expect((await slow.next()).value).toEqual(word(3, 'x'.repeat(100)));
});

test('goes on for readers to come only as far as for one who is slow', async () => {
  const journal = createKept();
  const reader = journal.read();
  journal.append(word(0, 'x'.repeat(200)));
  const room = journal.room();
  reader.leave();
  expect(await Promise.race([room?.then(() => 'room'), nextTurn().then(() => 'none')])).toBe('none');
  expect((await journal.read().next()).value).toMatchObject({ seq: 0 });
  await room;
  expect(journal.room()).toBeUndefined();
});

test('has room for a reader who knows more than there is', () => {
  const journal = createKept();
  journal.read({ after: 1000 });
  for (let seq = 0; seq < 5; seq++) journal.append(word(seq, 'x'.repeat(200)));
  expect(journal.room()).toBeUndefined();
});

test.for(['leave', 'release', 'close'] as const)('makes room after a %s', async (free) => {
  const journal = createPassing();
  const reader = journal.read();
  journal.append(word(0, 'x'.repeat(200)));
  const room = journal.room();
  expect(room).toBeInstanceOf(Promise);
  if (free === 'leave') reader.leave();
  else journal[free]();
  await room;
  expect(journal.room()).toBeUndefined();
});

test('ends those who wait when it is closed, or they leave', async () => {
  const journal = createPassing();
  const [one, other] = [journal.read(), journal.read()];
  const waiting = [one.next(), other.next()];
  one.leave();
  expect(await waiting[0]).toEqual({ done: true, value: undefined });
  journal.close();
  expect(await waiting[1]).toEqual({ done: true, value: undefined });
  expect(await one.next()).toEqual({ done: true, value: undefined });
});

test('tells the end to a reader who says that it has heard more than there is', async () => {
  const journal = createKept();
  const reader = journal.read({ after: 10 });
  journal.append(word(0, 'one'));
  journal.append(last(1));
  expect((await Array.fromAsync({ [Symbol.asyncIterator]: () => reader })).map(({ seq }) => seq)).toEqual([1]);
  expect(await journal.read({ after: 1 }).next()).toEqual({ done: true, value: undefined });
});
