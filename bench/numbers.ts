/** Microseconds of the machine's clock: it is the same in every process, so that one can stamp and another compare. */
export function microseconds(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** A place in the sorted samples: 0.5 is the median. NaN where there are none. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = Float64Array.from(samples).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5);
}

export function sleep(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

export function shuffled<T>(items: Iterable<T>): T[] {
  return Array.from(items, (item) => ({ item, place: Math.random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item);
}
