import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { measure } from '../bench/measure.ts';
import { start, startClient, stop } from '../bench/processes.ts';
import { SCENARIOS, type Scenario } from '../bench/scenarios.ts';
import { startServer } from '../bench/servers.ts';

/** One of the benchmark's scenarios, made small enough for a test. */
function small(name: string, change: Partial<Scenario>): Scenario {
  const scenario = SCENARIOS.find((each) => each.name === name);
  if (!scenario) throw new Error(`There is no scenario '${name}'`);
  return { ...scenario, streams: 3, ...change };
}

async function run(way: 'reference' | 'WebSocket' | 'SSE', scenario: Scenario) {
  const protocol = scenario.isHttp2 ? ['http2'] : scenario.isAnthropic ? ['anthropic'] : [];
  const upstream = await start('upstream.ts', protocol);
  const baseUrl = `${scenario.isHttp2 ? upstream.url.replace('http:', 'https:') : upstream.url}/v1`;
  const server = await startServer(way, { baseUrl, scenario, nodeFlags: [] });
  const [client, crowd] = [startClient(), startClient()];
  onTestFinished(async () => {
    for (const child of [upstream.process, client, crowd]) child.disconnect();
    await stop(server);
  });
  return measure({ upstream, client, crowd, server }, way, scenario);
}

test.for(['reference', 'WebSocket', 'SSE'] as const)('the benchmark reads whole answers over %s', async (way) => {
  const sample = await run(way, small('pace', { chunks: 5 }));
  expect(sample).toMatchObject({ complete: 3, errors: 0 });
  expect(sample.firstMs).toHaveLength(3);
  expect(sample.loopDelayMs).toBeGreaterThan(0);
});

test('the benchmark reads the arguments of calls to their end', async () => {
  const sample = await run('SSE', small('calls', { chunks: 6, calls: 2 }));
  expect(sample).toMatchObject({ complete: 3, errors: 0 });
  expect(sample.latencyMs.every((ms) => ms > 0)).toBe(true);
});

test('the benchmark reads whole answers of an upstream with another protocol', async () => {
  expect(await run('WebSocket', small('pace-anthropic', { chunks: 5 }))).toMatchObject({ complete: 3, errors: 0 });
});

test('the benchmark tells how leaving reaches the upstream', async () => {
  const { leaveMs, alive, errors } = await run('WebSocket', small('leave', { leavers: 1 }));
  expect({ left: leaveMs.length, alive, errors }).toEqual({ left: 1, alive: 2, errors: 0 });
});

test('the benchmark holds streams open over an upstream of HTTP/2', async () => {
  const { alive, errors, memoryKb } = await run(
    'reference',
    small('many', { everyMs: 100, holdMs: 300, isPinned: false }),
  );
  expect({ alive, errors }).toEqual({ alive: 3, errors: 0 });
  expect(memoryKb).toBeGreaterThan(0);
});

test('the benchmark tells what telemetry costs', { timeout: 60_000 }, async () => {
  const file = join(import.meta.dirname, '../bench/telemetry.ts');
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, [file, '--servers', '1', '--rounds', '1', '--chunks', '3']);
  expect(stdout).toMatch(
    /^pace over WebSocket, 1 pairs of servers, 1 rounds each\nCPU for a chunk, medians: [\d.]+ µs/,
  );
});
