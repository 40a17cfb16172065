// What is shown of each kind of scenario.
import { middle, ratio, ratioToText, type Samples, share, sum, worst } from './samples.ts';
import type { Kind, Scenario, Way } from './scenarios.ts';

interface Column {
  readonly head: string;
  cell(samples: Samples, way: Way, scenario: Scenario): string | number;
}

/** Of samples over all streams of all rounds. */
function spread(head: string, field: 'firstMs' | 'latencyMs' | 'jitterMs' | 'leaveMs'): Column {
  return {
    head: `${head} p50 / p99 / max ms`,
    cell: (samples, way, { everyMs }) =>
      field === 'jitterMs' && everyMs === 0
        ? '–'
        : [0.5, 0.99, 1].map((place) => round(share(samples, way, field, place))).join(' / '),
  };
}

const errors: Column = { head: 'errors', cell: (samples, way) => sum(samples, way, 'errors') };
const alive: Column = {
  head: 'alive',
  cell: (samples, way, { streams }) => `${sum(samples, way, 'alive')} of ${streams * roundsOf(samples, way)}`,
};
const letGo: Column = {
  head: 'let go',
  cell: (samples, way, { streams, leavers = streams }) =>
    `${(samples.get(way) ?? []).flatMap(({ leaveMs }) => leaveMs).length} of ${leavers * roundsOf(samples, way)}`,
};
const first = spread('first delta', 'firstMs');
const latency = spread('latency', 'latencyMs');
const jitter = spread('jitter', 'jitterMs');
const loopDelay: Column = {
  head: 'loop delay, longest: median / worst ms',
  cell: (samples, way) =>
    `${round(middle(samples, way, 'loopDelayMs'))} / ${round(worst(samples, way, 'loopDelayMs'))}`,
};

const COLUMNS: Readonly<Record<Exclude<Kind, 'crowd'>, readonly Column[]>> = {
  whole: [
    {
      head: 'whole answers',
      cell: (samples, way, { streams }) => `${sum(samples, way, 'complete')} of ${streams * roundsOf(samples, way)}`,
    },
    errors,
    { head: 'deltas', cell: (samples, way) => middle(samples, way, 'deltas') },
    { head: 'CPU µs a chunk', cell: (samples, way) => round(middle(samples, way, 'cpuMicroseconds')) },
    { head: '× reference', cell: (samples, way) => round(ratio(samples, way, 'cpuMicroseconds')) },
    { head: '× text', cell: (samples, way) => round(ratioToText(samples, way)) },
    first,
    latency,
    jitter,
    loopDelay,
  ],
  leave: [errors, letGo, spread('leaving', 'leaveMs'), first, latency, jitter, loopDelay],
  hold: [
    alive,
    errors,
    { head: 'memory KB a stream', cell: (samples, way) => round(middle(samples, way, 'memoryKb')) },
    { head: '× reference', cell: (samples, way) => round(ratio(samples, way, 'memoryKb')) },
    { head: 'CPU % of a core', cell: (samples, way) => round(middle(samples, way, 'cpuShare')) },
    first,
    latency,
    jitter,
    loopDelay,
  ],
  unread: [
    { head: 'memory MB a client, most', cell: (samples, way) => round(worst(samples, way, 'memoryKb') / 1024) },
    letGo,
    spread('let go after', 'leaveMs'),
    loopDelay,
  ],
};

export function table(scenario: Scenario, samples: Samples): string {
  if (scenario.kind === 'crowd') return '';
  const columns = COLUMNS[scenario.kind];
  const rows = [...samples.keys()].map((way) => [way, ...columns.map(({ cell }) => cell(samples, way, scenario))]);
  return [['way', ...columns.map(({ head }) => head)], ['---', ...columns.map(() => '---')], ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function roundsOf(samples: Samples, way: Way): number {
  return samples.get(way)?.length ?? 0;
}

export function round(value: number): string {
  return Number.isFinite(value) ? value.toFixed(Math.abs(value) < 10 ? 2 : Math.abs(value) < 100 ? 1 : 0) : '–';
}
