// npm run bench:cluster -- --rounds 3 --servers 3 --scenario pace --cpu-prof DIR
// What it costs that a chat with an id can be read at any node: servers with and without `cluster`, in turn.

import { parseArgs } from 'node:util';
import { measure, type Sample, type Stage } from './measure.ts';
import { median, percentile } from './numbers.ts';
import { cpuOf, start, startClient, stop } from './processes.ts';
import { hasRedis, type Redis, startRedis } from './redis.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { startServer } from './servers.ts';
import { round } from './tables.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    /** Of each kind, as one process differs from the next. */
    servers: { type: 'string', default: '3' },
    scenario: { type: 'string' },
    'cpu-prof': { type: 'string' },
  },
});
const nodeFlags = flags['cpu-prof'] ? ['--cpu-prof', '--cpu-prof-dir', flags['cpu-prof']] : [];

/** A gentle pace: what comes is written as it comes, also where others use the cores. */
const gentle: Partial<Scenario> = {
  streams: 50,
  chunks: 200,
  everyMs: 25,
  openEveryMs: 20,
  about: '50 streams, one more every 20 ms, 200 chunks each, one every 25 ms',
};
const CLUSTER_SCENARIOS: readonly Scenario[] = SCENARIOS.flatMap((scenario) => {
  if (scenario.name === 'pace') return { ...scenario, ...gentle, hasIds: true };
  return scenario.name === 'burst' ? { ...scenario, hasIds: true } : [];
});

const KINDS = ['alone', 'cluster'] as const;
type Kind = (typeof KINDS)[number];

interface Measured extends Sample {
  /** Of Redis, for each chunk. */
  readonly redisMicroseconds: number;
}

if (!hasRedis()) {
  process.stderr.write('There is no redis-server here (apt-get install redis-server): nothing is measured.\n');
  process.exit();
}

const upstream = await start('upstream.ts');

async function perform(scenario: Scenario, redis: Redis): Promise<Map<Kind, Measured[]>> {
  const stages: { readonly kind: Kind; readonly stage: Stage }[] = [];
  const crowd = startClient();
  for (let server = 0; server < Number(flags.servers); server++) {
    for (const kind of KINDS) {
      const options = { baseUrl: `${upstream.url}/v1`, nodeFlags, scenario };
      const shared = kind === 'cluster' ? { redis: redis.url } : {};
      const started = await startServer('WebSocket', { ...options, ...shared });
      stages.push({ kind, stage: { upstream, client: startClient(), crowd, server: started } });
    }
  }
  const samples = new Map<Kind, Measured[]>(KINDS.map((kind) => [kind, []]));
  // Round 0 warms up.
  for (let at = 0; at <= Number(flags.rounds); at++) {
    for (const { kind, stage } of at % 2 === 0 ? stages : stages.toReversed()) {
      const before = cpuOf(redis.process);
      const sample = await measure(stage, 'WebSocket', scenario);
      const redisMicroseconds = (cpuOf(redis.process) - before) / (scenario.streams * scenario.chunks);
      if (at > 0) samples.get(kind)?.push({ ...sample, redisMicroseconds });
      const { complete, errors, cpuMicroseconds, firstMs } = sample;
      process.stderr.write(
        `${scenario.name} ${at} ${kind}: ${complete} whole, ${errors} errors, ${round(cpuMicroseconds)} µs in ${sample.deltas} deltas, Redis ${round(redisMicroseconds)} µs, first delta ${round(median(firstMs))} ms\n`,
      );
    }
  }
  for (const { stage } of stages) {
    stage.client.disconnect();
    await stop(stage.server);
  }
  crowd.disconnect();
  return samples;
}

function table(samples: Map<Kind, Measured[]>): string {
  const of = (kind: Kind) => samples.get(kind) ?? [];
  const cpu = (kind: Kind) => of(kind).map(({ cpuMicroseconds }) => cpuMicroseconds);
  const ratios = cpu('cluster').map((value, at) => value / (cpu('alone')[at] ?? Number.NaN));
  const rows = KINDS.map((kind) => {
    const firstMs = of(kind).flatMap((sample) => sample.firstMs);
    const latencyMs = of(kind).flatMap((sample) => sample.latencyMs);
    const cells = [
      round(median(cpu(kind))),
      round(median(of(kind).map(({ redisMicroseconds }) => redisMicroseconds))),
      [0.5, 0.99].map((place) => round(percentile(firstMs, place))).join(' / '),
      [0.5, 0.99].map((place) => round(percentile(latencyMs, place))).join(' / '),
      of(kind).reduce((all, { errors }) => all + errors, 0),
    ];
    return `| ${kind} | ${cells.join(' | ')} |`;
  });
  const head = '| | CPU µs a chunk | of Redis | first delta p50 / p99 ms | latency p50 / p99 ms | errors |';
  return [head, '| --- | --- | --- | --- | --- | --- |', ...rows, '', `× alone: ${round(median(ratios))}`].join('\n');
}

const redis = await startRedis();
for (const scenario of CLUSTER_SCENARIOS.filter(({ name }) => (flags.scenario ?? name) === name)) {
  process.stdout.write(`### ${scenario.name}\n\n${scenario.about}.\n\n${table(await perform(scenario, redis))}\n\n`);
}
upstream.process.disconnect();
redis.stop();
