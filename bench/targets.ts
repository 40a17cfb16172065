import type { Sample } from './measure.ts';
import { median, percentile } from './numbers.ts';
import { LEAVERS, type Way } from './scenarios.ts';

export type Samples = ReadonlyMap<Way, readonly Sample[]>;

/** The ways that have targets. */
export type Own = 'WebSocket' | 'SSE';

interface Target {
  readonly about: string;
  readonly scenario: string;
  readonly most: Readonly<Record<Own, number>>;
  readonly unit: string;
  measure(samples: Samples, way: Own): number;
}

/** How many times the CPU of another way in the same round; the median of the rounds. */
export function ratio(samples: Samples, way: Way, to: Way = 'reference'): number {
  const other = samples.get(to) ?? [];
  const own = samples.get(way) ?? [];
  return median(
    own.map(({ cpuMicroseconds }, round) => cpuMicroseconds / (other[round]?.cpuMicroseconds ?? Number.NaN)),
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

/** Endless, unless all that left were let go. */
function leaving(samples: Samples, way: Way): number {
  const all = (samples.get(way) ?? []).every(({ leaveMs }) => leaveMs.length === LEAVERS);
  return all ? of(samples, way, 'leaveMs', 0.99) : Number.POSITIVE_INFINITY;
}

const toPortkey = (samples: Samples, way: Own) => ratio(samples, way, 'Portkey');

const both = (most: number) => ({ WebSocket: most, SSE: most });

export const TARGETS: readonly Target[] = [
  {
    about: 'CPU at a real pace',
    scenario: 'pace',
    most: { WebSocket: 1.3, SSE: 1.5 },
    unit: '× reference',
    measure: ratio,
  },
  { about: 'CPU at a real pace', scenario: 'pace', most: both(0.5), unit: '× Portkey', measure: toPortkey },
  { about: 'CPU in a burst', scenario: 'burst', most: both(3), unit: '× reference', measure: ratio },
  { about: 'CPU in a burst', scenario: 'burst', most: both(1), unit: '× Portkey', measure: toPortkey },
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
    measure: leaving,
  },
];
