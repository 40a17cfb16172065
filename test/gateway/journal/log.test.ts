import { expect, test } from 'vitest';
import { Log } from '../../../src/gateway/journal/log.ts';
import { word, wordPolicy } from '../../helpers/word-events.ts';

/** Ten words, of 1 to 10 letters. */
function createLogOfTen() {
  const log = new Log(wordPolicy);
  for (let seq = 0; seq < 10; seq++) log.append(word(seq, 'x'.repeat(seq + 1)));
  return log;
}

test('places and sizes are the same after events have been dropped', () => {
  const log = createLogOfTen();
  log.dropBefore(6);
  expect([log.first, log.end]).toEqual([6, 10]);
  expect(log.at(5)).toBeUndefined();
  expect(log.at(6)).toEqual(word(6, 'xxxxxxx'));
  expect(log.slice(8, 10).map(({ seq }) => seq)).toEqual([8, 9]);
  expect([6, 9, 10, 99].map((seq) => log.sizeFrom(seq))).toEqual([7 + 8 + 9 + 10, 10, 0, 0]);
  log.append(word(10, 'y'));
  expect(log.sizeFrom(9)).toBe(11);
});

test('events are dropped only where that is half of them or more, as the rest has to move', () => {
  const log = createLogOfTen();
  log.dropBefore(4);
  expect(log.first).toBe(0);
  log.dropBefore(5);
  expect(log.first).toBe(5);
  log.dropBefore(10);
  expect([log.first, log.end, log.sizeFrom(10)]).toEqual([10, 10, 0]);
});

test('places that were left out lead to the event behind them', () => {
  const log = createLogOfTen();
  log.append(word(1000, 'y'));
  log.append(word(1001, 'z'));
  log.append(word(5000, 'end'));
  expect([log.first, log.end]).toEqual([0, 5001]);
  const found = [9, 10, 999, 1000, 1001, 1002, 4999, 5000, 5001].map((seq) => log.at(seq)?.seq);
  expect(found).toEqual([9, 1000, 1000, 1000, 1001, 5000, 5000, 5000, undefined]);
  expect(log.slice(9, log.end).map(({ seq }) => seq)).toEqual([9, 1000, 1001, 5000]);
  expect(log.sizeFrom(500)).toBe('yzend'.length);
  log.dropBefore(1001);
  expect(log.slice(1001, log.end).map(({ seq }) => seq)).toEqual([1001, 5000]);
});
