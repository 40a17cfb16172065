// npm run bench -- --rounds 3 --scenario pace --cpu-prof DIR

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measure, type Sample, type Stage } from './measure.ts';
import { start, startClient, stop } from './processes.ts';
import { type Results, report } from './report.ts';
import { SCENARIOS, type Scenario, WAYS, type Way } from './scenarios.ts';
import { installPortkey, type ServerOptions, startServer } from './servers.ts';

const { values: flags } = parseArgs({
  options: {
    rounds: { type: 'string', default: process.env.ROUNDS ?? '5' },
    /** One of them only; the results are printed and not written. */
    scenario: { type: 'string' },
    way: { type: 'string' },
    /** A folder for a CPU profile of each of modelql's processes. */
    'cpu-prof': { type: 'string' },
  },
});
const rounds = Number(flags.rounds);
const nodeFlags = flags['cpu-prof'] ? ['--cpu-prof', '--cpu-prof-dir', flags['cpu-prof']] : [];
const ways = WAYS.filter((way) => flags.way === undefined || way === flags.way);
const scenarios = SCENARIOS.filter(({ name }) => flags.scenario === undefined || name === flags.scenario);

const plain = await start('upstream.ts');
const overHttp2 = await start('upstream.ts', ['http2']);
const anthropic = await start('upstream.ts', ['anthropic']);
if (ways.includes('Portkey')) installPortkey();

/** Every way has its own server process, which lives for one scenario, so that none inherits another's heap. */
async function perform(scenario: Scenario): Promise<Map<Way, Sample[]>> {
  const own = ways.filter((way) => scenario.ways?.includes(way) ?? true);
  const upstream = scenario.isHttp2 ? overHttp2 : scenario.isAnthropic ? anthropic : plain;
  const url = scenario.isHttp2 ? upstream.url.replace('http:', 'https:') : upstream.url;
  const options = { baseUrl: `${url}/v1`, nodeFlags, scenario };
  const samples = new Map<Way, Sample[]>(own.map((way) => [way, []]));
  const stages = new Map<Way, Stage>();
  const crowd = startClient();
  for (const way of own) {
    stages.set(way, { upstream, client: startClient(), crowd, server: await startServer(way, options) });
  }

  // Round 0 warms up: its numbers are not kept. Where every round has a fresh server there is nothing to warm.
  const { freshRounds } = scenario;
  for (let round = freshRounds ? 1 : 0; round <= Math.min(rounds, freshRounds ?? rounds); round++) {
    for (let turn = 0; turn < own.length; turn++) {
      const way = own[(turn + round) % own.length] as Way;
      const stage = freshRounds ? await fresh(way, stages, options) : (stages.get(way) as Stage);
      const sample = await measureBesideText(stage, way, scenario);
      if (round > 0) samples.get(way)?.push(sample);
      process.stderr.write(`${scenario.name} ${round} ${way}: ${describe(sample, scenario)}\n`);
    }
  }
  for (const { client, server } of stages.values()) {
    client.disconnect();
    await stop(server);
  }
  crowd.disconnect();
  return samples;
}

async function measureBesideText(stage: Stage, way: Way, scenario: Scenario): Promise<Sample> {
  const sample = await measure(stage, way, scenario);
  if (!scenario.calls) return sample;
  const { cpuMicroseconds: textMicroseconds } = await measure(stage, way, { ...scenario, calls: 0 });
  return { ...sample, textMicroseconds };
}

/** Memory is read in a process that has done a little of everything, and has not grown by streams of before. */
async function fresh(way: Way, stages: Map<Way, Stage>, options: ServerOptions): Promise<Stage> {
  const old = stages.get(way) as Stage;
  await stop(old.server);
  const stage = { ...old, server: await startServer(way, options) };
  stages.set(way, stage);
  const [gentle] = SCENARIOS.filter(({ name }) => name === 'pace');
  if (gentle) await measure(stage, way, { ...gentle, chunks: 50 });
  return stage;
}

function describe(sample: Sample, { streams }: Scenario): string {
  const { complete, alive, errors, cpuMicroseconds, textMicroseconds, memoryKb, loopDelayMs, wallMs } = sample;
  const besideText = Number.isNaN(textMicroseconds) ? '' : ` beside ${textMicroseconds.toFixed(2)} µs`;
  const numbers = `${cpuMicroseconds.toFixed(2)} µs${besideText}, ${memoryKb.toFixed(1)} KB, loop ${loopDelayMs.toFixed(0)} ms`;
  return `of ${streams} ${complete} whole, ${alive} alive, ${errors} errors, ${numbers}, ${Math.round(wallMs)} ms`;
}

const results: Results = new Map();
for (const scenario of scenarios) results.set(scenario, await perform(scenario));
for (const { process } of [plain, overHttp2, anthropic]) process.disconnect();

const text = report(results, rounds);
process.stdout.write(text);
if (!flags.scenario && !flags.way && nodeFlags.length === 0) {
  writeFileSync(join(import.meta.dirname, 'results.md'), text);
}
