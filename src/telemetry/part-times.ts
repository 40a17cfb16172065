import type { Metric, Registry } from 'prom-client';

type Labels = Readonly<Record<string, string>>;

interface Series {
  readonly labels: Labels;
  /** How many parts took as long as each bound, or less than the next; the last are those beyond all bounds. */
  readonly counts: number[];
  seconds: number;
}

/**
 * A histogram of what happens for each token: a call counts by itself, in a list of numbers, and its counts are added here
 * when it is over. The library's own would look its labels up for each value.
 */
export interface PartTimes {
  /** @param counts as many as there are bounds, and one */
  add(labels: Labels, counts: readonly number[], seconds: number): void;
}

interface PartTimesOptions {
  readonly name: string;
  readonly help: string;
  /** In seconds, rising. */
  readonly bounds: readonly number[];
}

export function createPartTimes(registry: Registry, { name, help, bounds }: PartTimesOptions): PartTimes {
  const all = new Map<string, Series>();

  function* valuesOf({ labels, counts, seconds }: Series) {
    let count = 0;
    for (const [at, own] of counts.entries()) {
      count += own;
      yield { metricName: `${name}_bucket`, labels: { ...labels, le: bounds[at] ?? '+Inf' }, value: count };
    }
    yield { metricName: `${name}_sum`, labels, value: seconds };
    yield { metricName: `${name}_count`, labels, value: count };
  }

  const exposed = {
    name,
    help,
    type: 'histogram',
    get: async () => ({
      name,
      help,
      type: 'histogram',
      values: [...all.values()].flatMap((one) => [...valuesOf(one)]),
    }),
  };
  registry.registerMetric(exposed as unknown as Metric); // Its types know the library's own classes only.

  return {
    add(labels, counts, seconds) {
      const key = JSON.stringify(Object.values(labels));
      const series = all.get(key) ?? { labels, counts: Array(bounds.length + 1).fill(0), seconds: 0 };
      for (const [at, own] of counts.entries()) series.counts[at] = (series.counts[at] ?? 0) + own;
      series.seconds += seconds;
      all.set(key, series);
    },
  };
}
