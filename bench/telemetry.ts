// What telemetry costs: node bench/telemetry.ts --servers 6 --rounds 5 --way SSE
// Servers with and without it take turns, each in a process of its own, and each pair is new: one process differs from the
// next by more than what is looked for.

import { parseArgs } from 'node:util';
import { measure } from './measure.ts';
import { median, percentile } from './numbers.ts';
import { type Running, start, startClient, stop } from './processes.ts';
import { SCENARIOS, type Scenario, WAYS, type Way } from './scenarios.ts';
import { type Server, startServer } from './servers.ts';

const { values: flags } = parseArgs({
  options: {
    /** So many pairs. */
    servers: { type: 'string', default: '4' },
    /** Of each pair; one more before them warms up. */
    rounds: { type: 'string', default: '5' },
    scenario: { type: 'string', default: 'pace' },
    way: { type: 'string', default: 'WebSocket' },
    /** In place of the scenario's own: more of them leave less to the opening of the streams. */
    chunks: { type: 'string' },
    /** The configuration's `telemetry` of one of each pair. */
    telemetry: { type: 'string', default: '{ "metrics": true }' },
  },
});

const found = SCENARIOS.find(({ name }) => name === flags.scenario);
const way = WAYS.find((way) => way === flags.way);
if (!found || !way) throw new Error(`Expected a scenario and a way, got '${flags.scenario}' and '${flags.way}'`);
const scenario: Scenario = { ...found, chunks: Number(flags.chunks ?? found.chunks) };
const telemetry = JSON.parse(flags.telemetry);

const upstream = await start('upstream.ts', scenario.isAnthropic ? ['anthropic'] : []);
const crowd = startClient();
const KINDS = ['without', 'with'] as const;
type Kind = (typeof KINDS)[number];
const microseconds: Record<Kind, number[]> = { without: [], with: [] };
const ratios: number[] = [];

for (let pair = 1; pair <= Number(flags.servers); pair++) {
  const options = { baseUrl: `${upstream.url}/v1`, nodeFlags: [], scenario };
  const servers: Record<Kind, Server> = {
    without: await startServer(way, options),
    with: await startServer(way, { ...options, telemetry }),
  };
  const client = startClient();
  for (let round = 0; round <= Number(flags.rounds); round++) {
    const now = {} as Record<Kind, number>;
    for (const kind of round % 2 === 0 ? KINDS : KINDS.toReversed()) {
      now[kind] = await perform(kind, servers[kind], client, way);
    }
    process.stderr.write(`${pair}.${round}: ${now.without.toFixed(2)} µs without, ${now.with.toFixed(2)} µs with\n`);
    if (round === 0) continue;
    for (const kind of KINDS) microseconds[kind].push(now[kind]);
    ratios.push(now.with / now.without);
  }
  client.disconnect();
  for (const kind of KINDS) await stop(servers[kind]);
}
for (const child of [upstream.process, crowd]) child.disconnect();

/** One round; whoever collects metrics does so once in it. @returns CPU for each chunk */
async function perform(kind: Kind, server: Server, client: Running['process'], way: Way): Promise<number> {
  const scrape = kind === 'with' && telemetry.metrics === true ? readMetrics(server) : undefined;
  const { cpuMicroseconds, complete } = await measure({ upstream, client, crowd, server }, way, scenario);
  await scrape;
  if (complete !== scenario.streams) throw new Error(`Only ${complete} of ${scenario.streams} answers were whole`);
  return cpuMicroseconds;
}

async function readMetrics({ url }: Server): Promise<void> {
  const response = await fetch(`${url}/metrics`);
  if (!response.ok) throw new Error(`/metrics answered ${response.status}`);
  await response.text();
}

const middle = (kind: Kind) => median(microseconds[kind]);
const quartiles = [0.25, 0.5, 0.75].map((place) => percentile(ratios, place).toFixed(3));
process.stdout.write(`${scenario.name} over ${way}, ${flags.servers} pairs of servers, ${flags.rounds} rounds each
CPU for a chunk, medians: ${middle('without').toFixed(2)} µs without, ${middle('with').toFixed(2)} µs with: ${(middle('with') / middle('without')).toFixed(3)}
within a round, quartiles: ${quartiles.join(' ')}
`);
