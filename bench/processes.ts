import { type ChildProcess, type ForkOptions, fork, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Running {
  readonly process: ChildProcess;
  readonly url: string;
}

export const env = {
  ...process.env,
  NODE_ENV: 'production',
  /** The upstream's certificate, where it speaks HTTP/2. */
  NODE_EXTRA_CA_CERTS: join(import.meta.dirname, 'localhost.pem'),
};

/** Starts a file of this folder; it tells its port when it listens. */
export async function start(
  file: string,
  parameters: readonly string[] = [],
  options: ForkOptions = {},
): Promise<Running> {
  const child = fork(join(import.meta.dirname, file), parameters, { env, ...options });
  const [{ port }] = await once(child, 'message');
  return { process: child, url: `http://127.0.0.1:${port}` };
}

export function startClient(): ChildProcess {
  return fork(join(import.meta.dirname, 'client.ts'), { env, serialization: 'advanced' });
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

/** Has all threads of a process run on the first core, where the system can do that. */
export function pin({ pid }: ChildProcess): void {
  spawnSync('taskset', ['--all-tasks', '--cpu-list', '--pid', '0', `${pid}`], { stdio: 'ignore' });
}
