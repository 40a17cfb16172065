import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

export interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

const env = { ...process.env, NODE_ENV: 'production' };

/** Starts a file of this folder; it tells its port when it listens. */
export async function start(file: string, ...parameters: string[]): Promise<Running> {
  const child = fork(join(import.meta.dirname, file), parameters, { env });
  const [{ port }] = await once(child, 'message');
  return { process: child, url: `http://127.0.0.1:${port}` };
}

export function startClient(): ChildProcess {
  return fork(join(import.meta.dirname, 'client.ts'), { env, serialization: 'advanced' });
}

/** The real server, as anyone would start it. @param flags of Node */
export async function startModelql(baseUrl: string, flags: readonly string[]): Promise<Running> {
  const file = join(mkdtempSync(join(tmpdir(), 'modelql-bench-')), 'config.json');
  const upstream = { type: 'openai-compatible', baseUrl, models: ['bench'] };
  writeFileSync(file, JSON.stringify({ providers: { upstream } }));
  const server = join(import.meta.dirname, '../src/server.ts');
  const parameters = [...flags, server, '--port', '0', '--config', file, '--log-level', 'info'];
  const child = spawn(process.execPath, parameters, { env, stdio: ['ignore', 'pipe', 'inherit'] });
  process.once('exit', () => child.kill()); // It would outlive a benchmark that fails.
  const lines = createInterface(child.stdout);
  const [line] = await once(lines, 'line');
  return { process: child, url: JSON.parse(line).url };
}

export async function stop({ process: child }: Running): Promise<void> {
  const gone = once(child, 'exit');
  child.kill();
  await gone;
}

/** Of a second, in /proc. */
const TICKS = 100;

/** Microseconds of CPU that all threads of a process have used, of the user and the system. */
export function cpuOf({ pid }: ChildProcess): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name, which may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return ((Number(fields[11]) + Number(fields[12])) * 1_000_000) / TICKS;
}

/** The resident memory of a process, in KB. */
export function memoryOf({ pid }: ChildProcess): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
}
