import type { Samples } from './samples.ts';
import type { Scenario } from './scenarios.ts';
import { round, table } from './tables.ts';
import { type Own, TARGETS } from './targets.ts';

export type Results = Map<Scenario, Samples>;

const METHOD = `\
A scripted upstream, a server and a load client, each in a process of its own, on the loopback interface of one machine with **2 shared cores, Node 24**. Load of others moves every number here, so only ratios to the reference in the same run mean something.

- **reference**: the least that a Node process can do, a passthrough of bytes (undici's \`request\` piped into an HTTP response).
- **WebSocket**: modelql, ten subscriptions to a socket. **SSE**: modelql, a POST for each stream. Its real process, with its standard configuration and log.
- **Portkey**: the peer, \`@portkey-ai/gateway\` 1.15.2 as its own start does it, on Node 20, for which it is made, with the versions of \`hono\` (4.9.7) and \`@hono/node-server\` (1.13.5) that its lock file names, with its standard configuration, no cache or guardrails; a POST for each stream. Its provider \`groq\` with a custom host, so that it parses each chunk and writes it anew. The benchmark installs it into \`bench/portkey\`.
- **many** has an upstream of HTTP/2 over TLS, with at most 1,000 streams to a connection; the server is kept on one core (\`taskset\`), where the system can do that. SSE and the reference need a socket for each client; SSE is left out for the time that it takes, Portkey because its calls have a socket each as well, more than a process here may have (20,000).
- **CPU**: user and system time of the server's process, from before the first request to after the last answer, for each chunk of the upstream: opening the streams is in it. Read in ticks of 10 ms. The ratio is the median of the ratios of the rounds.
- **× text**: CPU for each chunk of arguments beside that for each chunk of text, measured in turn over the same server.
- **first delta**: from the request to its first text, at the client. **latency**: from the upstream's write of a chunk to the client's read; of a delta that was merged, that of its oldest part. Both hold the client's own waiting for a core.
- **jitter**: by how much the time between two deltas of a stream, at the client, is off the script's period, whichever way; a merged delta is off by a whole period.
- **loop delay**: the server's longest in a round, as its \`perf_hooks.monitorEventLoopDelay\` has it (a timer of 5 ms, which is in the number); waiting for a core is in it. It comes from a file of the benchmark that is loaded beside the server's own code.
- **deltas**: how many the chunks of a round came as; fewer than the chunks where they were merged (for the reference: none are).
- **memory**: resident memory of a fresh server with all streams open, less that before (a hundred short streams had warmed it up); of clients that do not read, the most at any time, for each of them: garbage that waits for its collection is in it.
- **let go after**: from the request of a client that does not read to the close of the upstream's connection, within the 7 seconds that it is watched.
- **leaving**: from the client's leaving (\`complete\`, or the end of its connection) to the close of the upstream's connection; **let go**: how many were, half a second after the last had left.

Percentiles are over all streams of all rounds. The ways take turns within a round, in an order that rotates; one round before those that count warms up.`;

export function report(results: Results, rounds: number): string {
  const date = new Date().toISOString().slice(0, 10);
  return [
    `# Benchmark\n\n${date}, ${rounds} rounds (fewer where every round has a fresh server). Written by \`npm run bench\`.`,
    `## Targets\n\n${targets(results)}`,
    '## Measured',
    ...[...results].map(
      ([scenario, samples]) => `### ${scenario.name}\n\n${scenario.about}.\n\n${table(scenario, samples)}`,
    ),
    `## How\n\n${METHOD}\n`,
  ].join('\n\n');
}

function targets(results: Results): string {
  const of = (scenario: string) => [...results].find(([{ name }]) => name === scenario)?.[1] ?? new Map();
  const lines = TARGETS.flatMap(({ about, scenario, most, unit, measure }) => {
    const [found, samples] = [...results].find(([{ name }]) => name === scenario) ?? [];
    if (!found || !samples) return [];
    const ways = (['WebSocket', 'SSE'] as const satisfies Own[]).filter((way) => samples.has(way));
    return ways.map((way) => {
      const value = measure(samples, way, found, of);
      const verdict = value <= most[way] ? 'met' : '**missed**';
      return `| ${about} (\`${scenario}\`) | ${way} | ≤ ${most[way]}${unit} | ${round(value)}${unit} | ${verdict} |`;
    });
  });
  return ['| what | way | target | measured | |', '| --- | --- | --- | --- | --- |', ...lines].join('\n');
}
