import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Report } from './client.ts';
import { sleep } from './numbers.ts';
import { cpuOf, memoryOf, type Running } from './processes.ts';
import type { Scenario, Way } from './scenarios.ts';
import type { Server } from './servers.ts';

/** What one way did in one round. */
export interface Sample {
  readonly streams: number;
  readonly complete: number;
  readonly errors: number;
  readonly deltas: number;
  readonly firstMs: readonly number[];
  readonly latencyMs: readonly number[];
  /** Of the server, for each chunk of the upstream. */
  readonly cpuMicroseconds: number;
  readonly wallMs: number;
  /** Kilobytes of the server for each open stream. */
  readonly memoryKb: number;
  /** From a client's leaving to the close of the upstream's connection; one for each that left and was let go. */
  readonly leaveMs: readonly number[];
}

export interface Stage {
  readonly upstream: Running;
  readonly client: ChildProcess;
  readonly server: Server;
}

/** One run of one scenario over one way. */
export async function measure({ upstream, client, server }: Stage, way: Way, scenario: Scenario): Promise<Sample> {
  const { chunks, everyMs, streams } = scenario;
  await ask(upstream.process, { chunks, everyMs });
  await ask(upstream.process, 'closes'); // Those of an earlier run, and their streams.
  const memoryBefore = memoryOf(server.process);
  const cpuBefore = cpuOf(server.process);
  const startedAt = performance.now();

  let memoryKb = Number.NaN;
  const { url, headers } = server;
  let answer = await ask(client, { way, address: { url, headers }, scenario } satisfies Order);
  if (answer === 'open') {
    memoryKb = (memoryOf(server.process) - memoryBefore) / streams;
    answer = await ask(client, 'go on');
  }
  const report = answer as Report;
  const wallMs = performance.now() - startedAt;
  await sleep(300);

  const { closes } = (await ask(upstream.process, 'closes')) as { closes: Record<string, number> };
  const leaveMs = Object.entries(report.left).map(([name, at]) => ((closes[name] ?? Number.NaN) - at) / 1000);
  return {
    ...report,
    streams,
    cpuMicroseconds: (cpuOf(server.process) - cpuBefore) / (streams * chunks),
    wallMs,
    memoryKb,
    leaveMs: leaveMs.filter((ms) => !Number.isNaN(ms)),
  };
}

async function ask(child: ChildProcess, message: object | string): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(message);
  return (await answer)[0];
}
