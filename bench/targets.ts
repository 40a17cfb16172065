import { middle, ratio, ratioToText, type Samples, share, sum, worst } from './samples.ts';
import type { Scenario } from './scenarios.ts';

/** The ways that have targets. */
export type Own = 'WebSocket' | 'SSE';

interface Target {
  readonly about: string;
  readonly scenario: string;
  readonly most: Readonly<Record<Own, number>>;
  readonly unit: string;
  /** @param of those of another scenario */
  measure(samples: Samples, way: Own, scenario: Scenario, of: (scenario: string) => Samples): number;
}

const both = (most: number) => ({ WebSocket: most, SSE: most });

export const TARGETS: readonly Target[] = [
  {
    about: 'CPU at a real pace',
    scenario: 'pace',
    most: { WebSocket: 1.3, SSE: 1.5 },
    unit: '× reference',
    measure: (samples, way) => ratio(samples, way, 'cpuMicroseconds'),
  },
  {
    about: 'CPU at a real pace',
    scenario: 'pace',
    most: both(0.5),
    unit: '× Portkey',
    measure: (samples, way) => ratio(samples, way, 'cpuMicroseconds', 'Portkey'),
  },
  {
    about: 'CPU at a real pace',
    scenario: 'pace-anthropic',
    most: both(1.25),
    unit: '× `pace`',
    measure: (samples, way, _scenario, of) =>
      middle(samples, way, 'cpuMicroseconds') / middle(of('pace'), way, 'cpuMicroseconds'),
  },
  {
    about: 'CPU in a burst',
    scenario: 'burst',
    most: both(3),
    unit: '× reference',
    measure: (samples, way) => ratio(samples, way, 'cpuMicroseconds'),
  },
  {
    about: 'CPU in a burst',
    scenario: 'burst',
    most: both(1),
    unit: '× Portkey',
    measure: (samples, way) => ratio(samples, way, 'cpuMicroseconds', 'Portkey'),
  },
  {
    about: 'CPU of arguments of calls',
    scenario: 'calls',
    most: both(1.2),
    unit: '× text',
    measure: ratioToText,
  },
  ...['pace', 'wide', 'burst'].map((scenario) => ({
    about: 'first delta, p99, later than the reference',
    scenario,
    most: both(20),
    unit: ' ms',
    measure: (samples: Samples, way: Own) =>
      share(samples, way, 'firstMs', 0.99) - share(samples, 'reference', 'firstMs', 0.99),
  })),
  ...['burst', 'quiet'].map((scenario) => ({
    about: 'longest event-loop delay',
    scenario,
    most: both(50),
    unit: ' ms',
    measure: (samples: Samples, way: Own) => worst(samples, way, 'loopDelayMs'),
  })),
  {
    about: 'latency among noisy clients, longest',
    scenario: 'quiet',
    most: both(100),
    unit: ' ms',
    measure: (samples, way) => share(samples, way, 'latencyMs', 1),
  },
  {
    about: 'leaving reaches the upstream, longest',
    scenario: 'quiet',
    most: both(100),
    unit: ' ms',
    measure: (samples, way, scenario) => leaving(samples, way, scenario, 1),
  },
  {
    about: 'leaving reaches the upstream, p99',
    scenario: 'leave',
    most: both(20),
    unit: ' ms',
    measure: (samples, way, scenario) => leaving(samples, way, scenario, 0.99),
  },
  {
    about: 'memory of an open stream',
    scenario: 'open',
    most: both(60),
    unit: ' KB',
    measure: (samples, way) => middle(samples, way, 'memoryKb'),
  },
  {
    about: 'memory of an open stream',
    scenario: 'many',
    most: both(60),
    unit: ' KB',
    measure: (samples, way) => middle(samples, way, 'memoryKb'),
  },
  {
    about: 'of 10,000 streams: not alive, or with an error',
    scenario: 'many',
    most: both(0),
    unit: '',
    measure: (samples, way, { streams }) => streams - worstAlive(samples, way) + sum(samples, way, 'errors'),
  },
  ...['unread', 'unread-id'].map((scenario) => ({
    about: 'memory of a client that does not read, most',
    scenario,
    most: both(8),
    unit: ' MB',
    measure: (samples: Samples, way: Own) => worst(samples, way, 'memoryKb') / 1024,
  })),
  ...(
    [
      ['unread', 4.1],
      ['unread-id', 5.1],
    ] as const
  ).map(([scenario, seconds]) => ({
    about: 'it is let go, at the latest after',
    scenario,
    most: both(seconds),
    unit: ' s',
    measure: (samples: Samples, way: Own, found: Scenario) => leaving(samples, way, found, 1) / 1000,
  })),
];

function worstAlive(samples: Samples, way: Own): number {
  return Math.min(...(samples.get(way) ?? []).map(({ alive }) => alive));
}

/** Endless, unless all that left were let go. */
function leaving(samples: Samples, way: Own, { streams, leavers = streams }: Scenario, place: number): number {
  const all = (samples.get(way) ?? []).every(({ leaveMs }) => leaveMs.length === leavers);
  return all ? share(samples, way, 'leaveMs', place) : Number.POSITIVE_INFINITY;
}
