import type { Sample } from './measure.ts';
import { median, percentile } from './numbers.ts';
import type { Way } from './scenarios.ts';

export type Samples = ReadonlyMap<Way, readonly Sample[]>;

export type Gateway = Exclude<Way, 'reference'>;

interface Target {
  readonly about: string;
  readonly scenario: string;
  readonly most: Readonly<Record<Gateway, number>>;
  readonly unit: string;
  measure(samples: Samples, way: Gateway): number;
}

/** How many times the CPU of the reference in the same round; the median of the rounds. */
export function ratio(samples: Samples, way: Way): number {
  const reference = samples.get('reference') ?? [];
  const own = samples.get(way) ?? [];
  return median(
    own.map(({ cpuMicroseconds }, round) => cpuMicroseconds / (reference[round]?.cpuMicroseconds ?? Number.NaN)),
  );
}

/** Over all streams of all rounds. */
export function of(samples: Samples, way: Way, field: 'firstMs' | 'latencyMs' | 'leaveMs', share: number): number {
  return percentile(
    (samples.get(way) ?? []).flatMap((sample) => sample[field]),
    share,
  );
}

export function memory(samples: Samples, way: Way): number {
  return median((samples.get(way) ?? []).map(({ memoryKb }) => memoryKb));
}

function later(samples: Samples, way: Way): number {
  return of(samples, way, 'firstMs', 0.99) - of(samples, 'reference', 'firstMs', 0.99);
}

const both = (most: number) => ({ WebSocket: most, SSE: most });

export const TARGETS: readonly Target[] = [
  { about: 'CPU at a real pace', scenario: 'pace', most: { WebSocket: 1.3, SSE: 1.5 }, unit: '×', measure: ratio },
  { about: 'CPU in a burst', scenario: 'burst', most: both(3), unit: '×', measure: ratio },
  ...['pace', 'wide', 'burst'].map((scenario) => ({
    about: 'first delta, p99, later than the reference',
    scenario,
    most: both(20),
    unit: ' ms',
    measure: later,
  })),
  { about: 'memory of an open stream', scenario: 'open', most: both(60), unit: ' KB', measure: memory },
  {
    about: 'leaving reaches the upstream, p99',
    scenario: 'leave',
    most: both(20),
    unit: ' ms',
    measure: (samples, way) => of(samples, way, 'leaveMs', 0.99),
  },
];
