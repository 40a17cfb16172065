import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

/** Runs a program of ours, to be watched, until the test has finished. */
export function runProgram(...args: readonly string[]) {
  const child = spawn(process.execPath, args);
  onTestFinished(() => void child.kill());
  const written = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
    });
  }
  return {
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    /** Asks it to end. */
    stop: () => void child.kill(),
    exit: new Promise((resolve) => child.once('close', resolve)),
  };
}
