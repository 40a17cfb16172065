import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createHealthRecord } from '../../src/gateway/health.ts';
import { ProviderError } from '../../src/providers/errors.ts';

const down = new ProviderError('UNREACHABLE', 'gone');

beforeEach(() => void vi.useFakeTimers({ toFake: ['Date', 'performance'], now: 0 }));
afterEach(() => void vi.useRealTimers());

const createRecord = (onChange = () => {}) => createHealthRecord({ models: () => ['one', 'two'], onChange });

function failing(record = createRecord()) {
  for (let call = 0; call < 3; call++) fail(record);
  return record;
}

function fail(record: ReturnType<typeof createHealthRecord>) {
  const call = record.begin('m');
  call.failed(down);
  call.end();
}

test('stands aside after three failures in a row, until its pause is over', () => {
  const record = createRecord();
  fail(record);
  fail(record);
  expect(record.isCircuitOpen('m')).toBe(false);
  fail(record);
  expect(record.isCircuitOpen('m')).toBe(true);
  expect(record.current).toMatchObject({ status: 'DOWN', consecutiveFailures: 3, retryAt: new Date(5000) });
  vi.setSystemTime(5000);
  expect(record.isCircuitOpen('m')).toBe(false);
});

test('lets one call through after the pause, and then comes back', () => {
  const record = failing();
  vi.setSystemTime(5000);
  const call = record.begin('m');
  expect(record.isCircuitOpen('m')).toBe(true); // For everyone but this call.
  call.succeeded();
  call.end();
  expect(record.isCircuitOpen('m')).toBe(false);
  expect(record.current).toMatchObject({ status: 'HEALTHY', consecutiveFailures: 0, retryAt: null });
});

test('doubles the pause with each try that fails, up to five minutes', () => {
  const record = failing();
  const pauses: number[] = [];
  for (let round = 0; round < 8; round++) {
    const retryAt = record.current.retryAt?.getTime() ?? 0;
    pauses.push(retryAt - Date.now());
    vi.setSystemTime(retryAt);
    fail(record);
  }
  expect(pauses).toEqual([5, 10, 20, 40, 80, 160, 300, 300].map((seconds) => seconds * 1000));
});

test('lets the next call try when the one that tried was left', () => {
  const record = failing();
  vi.setSystemTime(5000);
  record.begin('m').end();
  expect(record.isCircuitOpen('m')).toBe(false);
});

test('stands aside until another process would try, and comes back when that has come through', () => {
  const told: unknown[] = [];
  const record = createHealthRecord({ models: () => ['m'], onCircuit: (...news) => told.push(news) });
  record.hear('m', { retryAt: new Date(9000), pauseMs: 10_000 });
  expect(record.isCircuitOpen('m')).toBe(true);
  expect(record.current).toMatchObject({ status: 'DOWN', retryAt: new Date(9000) });
  record.hear('m', { retryAt: new Date(4000), pauseMs: 5000 }); // Older news.
  expect(record.current.retryAt).toEqual(new Date(9000));
  record.hear('m', null);
  expect(record.isCircuitOpen('m')).toBe(false);
  expect(told).toEqual([]);
});

test('tells others when it opens and when it closes, and doubles a pause once for all who try at the same time', () => {
  const told: unknown[] = [];
  const record = createHealthRecord({ models: () => ['m'], onCircuit: (...news) => told.push(news) });
  for (let call = 0; call < 3; call++) record.begin('m').failed(new ProviderError('TIMEOUT', 'slow'));
  expect(told.splice(0)).toEqual([['m', { retryAt: new Date(5000), pauseMs: 5000 }]]);
  vi.setSystemTime(5000);
  const call = record.begin('m');
  record.hear('m', { retryAt: new Date(15_000), pauseMs: 10_000 }); // Another has tried, and failed.
  call.failed(new ProviderError('TIMEOUT', 'slow'));
  call.end();
  expect(told.splice(0)).toEqual([['m', { retryAt: new Date(15_000), pauseMs: 10_000 }]]);
  record.begin('m').succeeded();
  expect(told).toEqual([['m', null]]);
});

test('tells the median time to the first part of the last hundred calls', () => {
  const record = createRecord();
  for (const ms of [...Array(50).fill(9000), ...Array(40).fill(10), ...Array(30).fill(20), ...Array(30).fill(30)]) {
    const call = record.begin('m');
    vi.advanceTimersByTime(ms);
    call.firstPart();
    call.succeeded();
    call.end();
  }
  expect(record.current.firstPartP50Ms).toBe(20);
});

test('tells of each change', () => {
  let changes = 0;
  const record = createRecord(() => void changes++);
  failing(record);
  const call = record.begin('m');
  call.failed(new ProviderError('SHUTTING_DOWN', 'no fault of the provider'));
  call.succeeded();
  expect(changes).toBe(4);
});

test('counts failures that were under way when it went down, and keeps its pause', () => {
  const record = createRecord();
  const calls = Array.from({ length: 10 }, () => record.begin('m'));
  for (const call of calls) call.failed(down);
  expect(record.current).toMatchObject({ consecutiveFailures: 10, retryAt: new Date(5000) });
});

test('takes a refused request for a sign of life', () => {
  const record = failing();
  const call = record.begin('m');
  call.failed(new ProviderError('REJECTED', 'a bad request'));
  call.end();
  expect(record.current).toMatchObject({ status: 'UNKNOWN', consecutiveFailures: 0, retryAt: null });
});

describe('a model', () => {
  const broken = new ProviderError('UNAVAILABLE', 'out of memory');

  function failWith(record: ReturnType<typeof createRecord>, model: string, error: ProviderError, times = 3) {
    for (let call = 0; call < times; call++) {
      const observation = record.begin(model);
      observation.failed(error);
      observation.end();
    }
  }

  test('that is down leaves the others of its provider where they are', () => {
    const record = createRecord();
    failWith(record, 'dead', broken);
    expect(record.isCircuitOpen('dead')).toBe(true);
    expect(record.isCircuitOpen('alive')).toBe(false);
    expect(record.current).toMatchObject({ status: 'DEGRADED', consecutiveFailures: 3, retryAt: null });
  });

  test('that is gone is no failure of the others either', () => {
    const record = createRecord();
    failWith(record, 'gone', new ProviderError('MODEL_GONE', 'no such model'));
    expect([record.isCircuitOpen('gone'), record.isCircuitOpen('alive')]).toEqual([true, false]);
  });

  test('stands aside with its provider where the failures are those of the connection or the key', () => {
    for (const code of ['UNREACHABLE', 'UNAUTHORIZED', 'BLOCKED'] as const) {
      const record = createRecord();
      failWith(record, 'one', new ProviderError(code, 'no'), 2);
      failWith(record, 'two', new ProviderError(code, 'no'), 1);
      expect(record.isCircuitOpen('three')).toBe(true);
      expect(record.current).toMatchObject({ status: 'DOWN', retryAt: new Date(5000) });
    }
  });

  test('is one of all that have to be down for their provider to be', () => {
    const record = createRecord();
    failWith(record, 'one', broken);
    failWith(record, 'two', broken);
    expect(record.current).toMatchObject({ status: 'DOWN', retryAt: new Date(5000) });
  });

  test('that is not listed any more says nothing of those that are', () => {
    const record = createRecord();
    for (const model of ['old', 'older']) failWith(record, model, new ProviderError('MODEL_GONE', 'no such model'));
    expect(record.current).toMatchObject({ status: 'DEGRADED', retryAt: null });
  });
});
