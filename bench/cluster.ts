// npm run bench:cluster -- --rounds 3 --servers 3 --scenario pace --cpu-prof DIR
// What it costs that chats with ids can be read at any node: servers with and without `cluster`, in turn.

import { parseArgs } from 'node:util';
import { measure, type Sample, type Stage } from './measure.ts';
import { median, percentile } from './numbers.ts';
import { cpuOf, start, startClient, stop } from './processes.ts';
import { costsOf, hasRedis, memoryOfChats, startRedis } from './redis.ts';
import { SCENARIOS, type Scenario } from './scenarios.ts';
import { startServer } from './servers.ts';
import { round } from './tables.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    /** Groups of servers of each kind, as one process differs from the next. */
    servers: { type: 'string', default: '3' },
    scenario: { type: 'string' },
    /** Only what takes so many nodes at most. */
    nodes: { type: 'string', default: '3' },
    'cpu-prof': { type: 'string' },
  },
});
const nodeFlags = flags['cpu-prof'] ? ['--cpu-prof', '--cpu-prof-dir', flags['cpu-prof']] : [];

if (!hasRedis()) {
  process.stderr.write('There is no redis-server here (apt-get install redis-server), so nothing is measured.\n');
  process.exit();
}

/** Of which all chats have ids. */
const CASES: readonly Scenario[] = SCENARIOS.flatMap((scenario) => {
  if (scenario.name === 'burst') return { ...scenario, hasIds: true };
  if (scenario.name !== 'pace') return [];
  // A gentle one: each chunk is written as it comes, though all these processes share two cores.
  const gentle = { streams: 48, everyMs: 24, openEveryMs: 20 };
  return {
    ...scenario,
    ...gentle,
    hasIds: true,
    about: '48 streams, one more every 20 ms, 200 chunks each, one every 24 ms',
  };
});

interface Kind {
  readonly name: string;
  readonly nodes: number;
  readonly isCluster: boolean;
  /** Whether a client of each node reads all chats; otherwise each reads its share of them. */
  readonly isReadAtAll: boolean;
}

const KINDS = (
  [
    { name: 'no `cluster`', nodes: 1, isCluster: false, isReadAtAll: false },
    { name: '`cluster`', nodes: 1, isCluster: true, isReadAtAll: false },
    { name: 'two nodes, all chats read at both', nodes: 2, isCluster: true, isReadAtAll: true },
    { name: 'three nodes, a third of the chats each', nodes: 3, isCluster: true, isReadAtAll: false },
  ] satisfies Kind[]
).filter(({ nodes }) => nodes <= Number(flags.nodes));

/** Of all nodes together. */
interface Measured extends Pick<Sample, 'errors' | 'complete' | 'firstMs' | 'latencyMs'> {
  readonly cpuMicroseconds: number;
  /** Of Redis, for each chunk. */
  readonly redisMicroseconds: number;
}

process.setMaxListeners(0); // Each process that is started is ended with this one.
const redis = await startRedis();
const upstreams = await Promise.all([0, 1, 2].map(() => start('upstream.ts')));
const crowd = startClient();
let runs = 0;

/** One node, with a client and an upstream of its own. */
async function startStages(kind: Kind, scenario: Scenario): Promise<Stage[]> {
  const nodes = upstreams.slice(0, kind.nodes).map(async (upstream) => {
    const shared = kind.isCluster ? { redis: redis.url } : {};
    const options = { baseUrl: `${upstream.url}/v1`, nodeFlags, scenario, ...shared };
    return { upstream, client: startClient(), crowd, server: await startServer('WebSocket', options) };
  });
  return Promise.all(nodes);
}

async function run({ isReadAtAll, nodes }: Kind, stages: readonly Stage[], scenario: Scenario): Promise<Measured> {
  const streams = isReadAtAll ? scenario.streams : Math.ceil(scenario.streams / nodes);
  const chunks = (isReadAtAll ? streams : streams * nodes) * scenario.chunks;
  const own = { ...scenario, streams, openEveryMs: scenario.openEveryMs * (isReadAtAll ? 1 : nodes) };
  const named = isReadAtAll ? { ...own, idPrefix: `run-${runs++}` } : own;
  const before = cpuOf(redis.process);
  const samples = await Promise.all(stages.map((stage) => measure(stage, 'WebSocket', named)));
  const sum = (of: (sample: Sample) => number) => samples.reduce((all, sample) => all + of(sample), 0);
  return {
    cpuMicroseconds: (sum(({ cpuMicroseconds }) => cpuMicroseconds) * streams * scenario.chunks) / chunks,
    redisMicroseconds: (cpuOf(redis.process) - before) / chunks,
    errors: sum(({ errors }) => errors),
    complete: sum(({ complete }) => complete),
    firstMs: samples.flatMap(({ firstMs }) => firstMs),
    latencyMs: samples.flatMap(({ latencyMs }) => latencyMs),
  };
}

async function perform(scenario: Scenario): Promise<Map<Kind, Measured[]>> {
  const groups: { readonly kind: Kind; readonly stages: readonly Stage[] }[] = [];
  for (let at = 0; at < Number(flags.servers); at++) {
    for (const kind of KINDS) groups.push({ kind, stages: await startStages(kind, scenario) });
  }
  const samples = new Map<Kind, Measured[]>(KINDS.map((kind) => [kind, []]));
  // Round 0 warms up.
  for (let at = 0; at <= Number(flags.rounds); at++) {
    for (const { kind, stages } of at % 2 === 0 ? groups : groups.toReversed()) {
      const sample = await run(kind, stages, scenario);
      if (at > 0) samples.get(kind)?.push(sample);
      const { complete, errors, cpuMicroseconds, redisMicroseconds, firstMs } = sample;
      const figures = `${round(cpuMicroseconds)} µs, Redis ${round(redisMicroseconds)} µs, first delta ${round(median(firstMs))} ms`;
      process.stderr.write(`${scenario.name} ${at} ${kind.name}: ${complete} whole, ${errors} errors, ${figures}\n`);
    }
  }
  for (const { client, server } of groups.flatMap(({ stages }) => stages)) {
    client.disconnect();
    await stop(server);
  }
  return samples;
}

function table(samples: Map<Kind, Measured[]>): string {
  const [alone = []] = samples.values();
  const rows = [...samples].map(([{ name }, measured]) => {
    const places = (field: 'firstMs' | 'latencyMs') => {
      const all = measured.flatMap((sample) => sample[field]);
      return [0.5, 0.99].map((place) => round(percentile(all, place))).join(' / ');
    };
    const ratios = measured.map((sample, at) => sample.cpuMicroseconds / (alone[at]?.cpuMicroseconds ?? Number.NaN));
    const cells = [
      round(median(measured.map(({ cpuMicroseconds }) => cpuMicroseconds))),
      round(median(ratios)),
      round(median(measured.map(({ redisMicroseconds }) => redisMicroseconds))),
      places('firstMs'),
      places('latencyMs'),
      measured.reduce((all, { errors }) => all + errors, 0),
    ];
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  const head = [
    '| | CPU µs a chunk, all nodes | × | of Redis | first delta p50 / p99 ms | latency p50 / p99 ms | errors |',
    '| --- | --- | --- | --- | --- | --- | --- |',
  ];
  return [...head, ...rows].join('\n');
}

for (const scenario of CASES.filter(({ name }) => (flags.scenario ?? name) === name)) {
  await redis.send('CONFIG', 'RESETSTAT');
  const text = table(await perform(scenario));
  const about = `${scenario.about}; each chat has an id`;
  process.stdout.write(`### ${scenario.name}\n\n${about}.\n\n${text}\n\n`);
  process.stdout.write(`Redis: ${await costsOf(redis)}.\nA chat in it: ${await memoryOfChats(redis)}.\n\n`);
}
for (const { process } of upstreams) process.disconnect();
crowd.disconnect();
redis.stop();
