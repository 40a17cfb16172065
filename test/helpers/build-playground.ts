import { execFileSync } from 'node:child_process';

/** Builds the playground where that has not been done, before any test runs. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build-playground.ts', '--if-stale'], { stdio: 'inherit' });
}
