import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import type { Figures } from './probe.ts';

export interface ServerProcess {
  readonly child: ChildProcess;
  /** The first line of the log, parsed. */
  readonly first: Promise<Record<string, unknown>>;
  /** The lines of the log so far. */
  readonly lines: readonly string[];
  readonly exit: Promise<{
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
  }>;
}

interface RunOptions {
  /** The file that is run. */
  readonly server?: string;
  /** Flags of Node. */
  readonly flags?: readonly string[];
  /** Where it works. @default an empty folder */
  readonly cwd?: string;
  /** Opens a channel to the process. */
  readonly ipc?: boolean;
}

/** Where no Ollama answers, should there be one on this machine. */
export const NOBODY = '127.0.0.1:9';

/** Runs the server as `npm start` does, in an empty folder, until the test has finished. */
export function run(
  args: readonly string[],
  environment: Record<string, string> = {},
  { server = join(import.meta.dirname, '../../src/server.ts'), flags = [], ipc = false, cwd }: RunOptions = {},
): ServerProcess {
  const empty = mkdtempSync(join(tmpdir(), 'modelql-'));
  const child = spawn(process.execPath, [...flags, server, ...args], {
    cwd: cwd ?? empty,
    env: { PATH: process.env.PATH ?? '', OLLAMA_HOST: NOBODY, ...environment },
    stdio: ['pipe', 'pipe', 'pipe', ...(ipc ? (['ipc'] as const) : [])],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(empty, { recursive: true });
  });
  const { stdout, stderr } = child;
  if (!stdout || !stderr) throw new Error('expected a process with pipes');
  const lines: string[] = [];
  const first = new Promise<Record<string, unknown>>((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      lines.push(line);
      if (lines.length === 1 && line.startsWith('{')) resolve(JSON.parse(line));
    });
  });
  let errors = '';
  stderr.on('data', (data) => {
    errors += data;
  });
  const exit = new Promise<Awaited<ServerProcess['exit']>>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout: lines.join('\n'), stderr: errors }));
  });
  return { child, first, lines, exit };
}

/** Writes a configuration that is gone when the test has finished. */
export function configFile(content: object): string {
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify(content));
  return file;
}

export interface MeasuredServer extends ServerProcess {
  /** The GraphQL endpoint. */
  readonly url: string;
  readonly webSocketUrl: string;
  readonly port: number;
  /** What the process holds now, after its garbage has been collected. */
  measure(): Promise<Figures>;
  /** The milliseconds of CPU that it has used since it began. */
  cpuMs(): Promise<number>;
  /** The longest delay of its event loop, in milliseconds, since this was asked last. */
  longestDelayMs(): Promise<number>;
  /** The lines of its log at the level of errors. */
  errors(): readonly string[];
  /** What it wrote to standard error, where Node puts its warnings. */
  warnings(): string;
}

/** The same with a configuration, in a process of its own that can be measured. */
export async function runMeasured(config: object, args: readonly string[] = []): Promise<MeasuredServer> {
  const server = run(
    ['--port', '0', '--config', configFile(config), ...args],
    {},
    {
      flags: ['--expose-gc', '--import', join(import.meta.dirname, 'probe.ts')],
      ipc: true,
    },
  );
  let warnings = '';
  server.child.stderr?.on('data', (data) => {
    warnings += data;
  });
  const origin = String((await server.first).url);

  async function ask<T>(what: string): Promise<T> {
    server.child.send(what);
    const [answer] = await once(server.child, 'message');
    return answer as T;
  }

  return {
    ...server,
    url: `${origin}/graphql`,
    webSocketUrl: `${origin.replace('http', 'ws')}/graphql`,
    port: Number(new URL(origin).port),
    measure: () => ask<Figures>('figures'),
    cpuMs: () => ask<number>('cpu'),
    longestDelayMs: () => ask<number>('delay'),
    errors: () => server.lines.filter((line) => JSON.parse(line).level >= 50),
    warnings: () => warnings,
  };
}
