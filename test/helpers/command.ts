import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { NOBODY } from './server-process.ts';

const MAIN = join(import.meta.dirname, '../../src/cli/main.ts');

export interface Command {
  readonly child: ChildProcess;
  /** Where it works: an empty folder of its own. */
  readonly folder: string;
  readonly stdout: string;
  /** Waits until this was written. */
  says(text: string): Promise<void>;
  /** Types at its terminal, or writes into its standard input. */
  type(text: string): void;
  readonly exit: Promise<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>;
}

export interface CommandOptions {
  /** All of its standard input; otherwise that is left open. */
  readonly input?: string;
  readonly environment?: Record<string, string>;
  /** Gives it a terminal: what it writes to it, notes among it, is `stdout`. */
  readonly terminal?: boolean;
}

/** Runs `modelql` as a process of its own, until the test has finished. */
export function runCommand(args: readonly string[], options: CommandOptions = {}): Command {
  const { input, environment = {}, terminal = false } = options;
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  const words = [process.execPath, MAIN, ...args];
  const [file = '', ...rest] = terminal ? ['script', '-qec', `exec ${words.map(quote).join(' ')}`, '/dev/null'] : words;
  const child = spawn(file, rest, {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', OLLAMA_HOST: NOBODY, ...environment },
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
    });
  }
  if (input !== undefined) child.stdin.end(input);
  return {
    child,
    folder,
    get stdout() {
      return written.stdout;
    },
    says: (text) => expect.poll(() => written.stdout, { interval: 20 }).toContain(text),
    type: (text) => void child.stdin.write(text),
    exit: new Promise((resolve) => child.once('close', (code) => resolve({ code, ...written }))),
  };
}

function quote(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
