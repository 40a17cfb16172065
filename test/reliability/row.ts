import { expect, test } from 'vitest';

/** What a row of docs/reliability.md says beside its title, which is the fact. */
export interface Row {
  /** What was done. */
  readonly done: string;
  readonly expected: string;
  /** What came out, in figures where there are any. */
  measured?: string;
  /** Why it does not come out as expected. */
  readonly missed?: string;
}

declare module 'vitest' {
  interface TaskMeta {
    row?: Row;
  }
}

interface RowOptions extends Row {
  /** Too long for every run, or nothing but a time: it runs in `npm run reliability` only. */
  readonly isLong?: boolean;
  readonly timeoutMs?: number;
}

/** Notes what was measured, so that the table has it whether or not it is what was expected. */
export type Measure = (measured: string) => void;

/** Whether the long rows run too, and the long forms of the others. */
export const isWhole = process.env.RELIABILITY === 'whole';

/**
 * Asserts a time, in `npm run reliability` only. `npm test` has to pass on a machine that is slow or busy: there a row
 * proves its fact alone, and what hangs is ended by the time that the test has.
 */
export function expectWithin(ms: number, mostMs: number): void {
  if (isWhole) expect(ms).toBeLessThan(mostMs);
}

/**
 * A fact that is tried and written down. Where `missed` says why it is none, it has to fail: once it is mended, the
 * reason has to go.
 */
export function row(fact: string, options: RowOptions, prove: (measure: Measure) => Promise<void>): void {
  const { done, expected, missed, isLong = false, timeoutMs = 120_000 } = options;
  test(fact, { timeout: timeoutMs, fails: missed !== undefined }, async ({ task, skip }) => {
    if (isLong && !isWhole) skip('`npm run reliability` runs it');
    const row: Row = { done, expected, ...(missed ? { missed } : {}) };
    task.meta.row = row;
    await prove((measured) => {
      row.measured = measured;
    });
  });
}

/** Such as `12 ms`, or `0.4 ms`. */
export function inMs(ms: number): string {
  return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}

export function inMb(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** The value below which so many of a hundred are. */
export function percentile(values: readonly number[], hundredths: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * hundredths) / 100))] ?? Number.NaN;
}
