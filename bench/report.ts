import { median } from './numbers.ts';
import { LEAVERS, type Scenario } from './scenarios.ts';
import { memory, type Own, of, ratio, type Samples, TARGETS } from './targets.ts';

export type Results = Map<Scenario, Samples>;

const METHOD = `\
A scripted upstream, a server and a load client, each in a process of its own, on the loopback interface of one machine with **2 shared cores, Node 24**. Load of others moves every number here, so only ratios to the reference in the same run mean something.

- **reference**: the least that a Node process can do, a passthrough of bytes (undici's \`request\` piped into an HTTP response).
- **WebSocket**: modelql, ten subscriptions to a socket. **SSE**: modelql, a POST for each stream. Its real process, with its standard configuration and log.
- **Portkey**: the peer, \`@portkey-ai/gateway\` 1.15.2 as its own start does it, on Node 20, for which it is made, with the versions of \`hono\` (4.9.7) and \`@hono/node-server\` (1.13.5) that its lock file names, with its standard configuration, no cache or guardrails; a POST for each stream. Its provider \`groq\` with a custom host, so that it parses each chunk and writes it anew. The benchmark installs it into \`bench/portkey\`.
- **CPU**: user and system time of the server's process, from before the first request to after the last answer, for each chunk of the upstream: opening the streams is in it. Read in ticks of 10 ms. The ratio is the median of the ratios of the rounds.
- **first delta**: from the request to its first text, at the client. **latency**: from the upstream's write of a chunk to the client's read; of a delta that was merged, that of its oldest part. Percentiles are over all streams of all rounds. Both hold the client's own waiting for a core.
- **deltas**: how many the chunks of a round came as; fewer than the chunks where they were merged (for the reference: none are).
- **memory**: resident memory of a fresh server with all streams open, less that before (a hundred short streams had warmed it up).
- **leaving**: from the client's leaving (\`complete\`, or the end of its connection) to the close of the upstream's connection; **let go**: how many were, half a second after the last had left. ${LEAVERS} streams leave in each round, and 500 others stay open.

The ways take turns within a round, in an order that rotates; one round before those that count warms up.`;

const HEADER = [
  '| scenario | way | whole answers | errors | deltas | CPU µs a chunk | × reference | first delta p50 / p99 ms | latency p50 / p99 ms | memory KB a stream | let go | leaving p50 / p99 ms |',
  '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
];

export function report(results: Results, rounds: number): string {
  const date = new Date().toISOString().slice(0, 10);
  return [
    `# Benchmark\n\n${date}, ${rounds} rounds (at most 3 of \`open\`). Written by \`npm run bench\`.`,
    `## Targets\n\n${targets(results)}`,
    `## Measured\n\n${[...HEADER, ...[...results].flatMap(([scenario, samples]) => rows(scenario, samples))].join('\n')}`,
    [...results.keys()].map(({ name, about }) => `- \`${name}\`: ${about}.`).join('\n'),
    `## How\n\n${METHOD}\n`,
  ].join('\n\n');
}

function targets(results: Results): string {
  const lines = TARGETS.flatMap(({ about, scenario, most, unit, measure }) => {
    const samples = [...results].find(([{ name }]) => name === scenario)?.[1];
    if (!samples) return [];
    return (['WebSocket', 'SSE'] as const satisfies Own[]).map((way) => {
      const value = measure(samples, way);
      const verdict = value <= most[way] ? 'met' : '**missed**';
      return `| ${about} (\`${scenario}\`) | ${way} | ≤ ${most[way]}${unit} | ${round(value)}${unit} | ${verdict} |`;
    });
  });
  return ['| what | way | target | measured | |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}

function rows({ name, kind, streams }: Scenario, samples: Samples): string[] {
  return [...samples].map(([way, runs]) => {
    const sum = (field: 'complete' | 'errors') => runs.reduce((total, run) => total + run[field], 0);
    const both = (field: 'firstMs' | 'latencyMs' | 'leaveMs') =>
      `${round(of(samples, way, field, 0.5))} / ${round(of(samples, way, field, 0.99))}`;
    const isWhole = kind === 'whole';
    const cells = [
      name,
      way,
      isWhole ? `${sum('complete')} of ${streams * runs.length}` : '–',
      sum('errors'),
      isWhole ? median(runs.map(({ deltas }) => deltas)) : '–',
      isWhole ? round(median(runs.map(({ cpuMicroseconds }) => cpuMicroseconds))) : '–',
      isWhole ? round(ratio(samples, way)) : '–',
      both('firstMs'),
      both('latencyMs'),
      kind === 'hold' ? round(memory(samples, way)) : '–',
      kind === 'leave' ? `${runs.flatMap(({ leaveMs }) => leaveMs).length} of ${LEAVERS * runs.length}` : '–',
      kind === 'leave' ? both('leaveMs') : '–',
    ];
    return `| ${cells.join(' | ')} |`;
  });
}

function round(value: number): string {
  return Number.isNaN(value) ? '–' : value.toFixed(value < 10 ? 2 : 1);
}
