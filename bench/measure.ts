import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Order, Report } from './client.ts';
import { sleep } from './numbers.ts';
import { cpuOf, memoryOf, type Running } from './processes.ts';
import type { Scenario, Way } from './scenarios.ts';
import type { Server } from './servers.ts';
import type { Totals } from './tally.ts';

/** What one way did in one round. */
export interface Sample extends Readonly<Totals> {
  /** Streams that were open and heard of at the end. */
  readonly alive: number;
  /** Of the server, for each chunk of the upstream. */
  readonly cpuMicroseconds: number;
  /** The same with text in place of arguments, where the scenario has these. */
  readonly textMicroseconds: number;
  /** Of one core, in percent, while all streams were open. */
  readonly cpuShare: number;
  readonly wallMs: number;
  /** Kilobytes of the server for each open stream, at the end; of those that are not read, at the worst time. */
  readonly memoryKb: number;
  /** The server's longest delay of its event loop. */
  readonly loopDelayMs: number;
  /** From a client's leaving to the close of the upstream's connection; one for each that left and was let go. */
  readonly leaveMs: readonly number[];
}

export interface Stage {
  readonly upstream: Running;
  readonly client: ChildProcess;
  /** The client whose streams are not looked at. */
  readonly crowd: ChildProcess;
  readonly server: Server;
}

/** One run of one scenario over one way. */
export async function measure(
  { upstream, client, crowd, server }: Stage,
  way: Way,
  scenario: Scenario,
): Promise<Sample> {
  const { url, headers } = server;
  const orderOf = (what: Scenario): Order => ({ way, address: { url, headers }, scenario: what });
  await ask(upstream.process, 'closes'); // Those of an earlier run, and their streams.
  if (scenario.crowd) await ask(crowd, orderOf(scenario.crowd));
  await ask(server.process, 'loop delay');
  const memoryBefore = memoryOf(server.process);
  const cpuBefore = cpuOf(server.process);
  const startedAt = performance.now();

  let answer = await ask(client, orderOf(scenario));
  let cpuShare = Number.NaN;
  let memoryKb = Number.NaN;
  if (answer === 'open') {
    await ask(server.process, 'loop delay'); // That of the opening.
    const held = await hold(server, scenario);
    cpuShare = held.cpuShare;
    memoryKb = (held.memoryKb - memoryBefore) / scenario.streams;
    answer = await ask(client, 'go on');
  }
  const { left, ...report } = answer as Report;
  const wallMs = performance.now() - startedAt;
  await sleep(300);
  const cpuMicroseconds = (cpuOf(server.process) - cpuBefore) / (scenario.streams * scenario.chunks);
  const { loopDelayMs } = (await ask(server.process, 'loop delay')) as { loopDelayMs: number };
  const { closes } = (await ask(upstream.process, 'closes')) as { closes: Record<string, number> };
  await ask(client, 'close');
  if (scenario.crowd) {
    await ask(crowd, 'go on');
    await ask(crowd, 'close');
  }

  const leaveMs = Object.entries(left).map(([name, at]) => ((closes[name] ?? Number.NaN) - at) / 1000);
  return {
    ...report,
    cpuMicroseconds,
    textMicroseconds: Number.NaN,
    cpuShare,
    wallMs,
    memoryKb,
    loopDelayMs,
    leaveMs: leaveMs.filter((ms) => !Number.isNaN(ms)),
  };
}

async function hold({ process: server }: Server, { kind, holdMs = 0 }: Scenario) {
  const cpuBefore = cpuOf(server);
  const startedAt = performance.now();
  let most = 0;
  while (performance.now() - startedAt < holdMs) {
    await sleep(100);
    most = Math.max(most, memoryOf(server));
  }
  const cpuShare = (cpuOf(server) - cpuBefore) / (performance.now() - startedAt) / 10;
  return { cpuShare, memoryKb: kind === 'unread' ? most : memoryOf(server) };
}

async function ask(child: ChildProcess, message: object | string): Promise<unknown> {
  const answer = once(child, 'message');
  child.send(message);
  return (await answer)[0];
}
