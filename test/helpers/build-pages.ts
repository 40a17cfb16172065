import { execFileSync } from 'node:child_process';

/** Builds the pages where that has not been done, before any test runs. */
export default function setup(): void {
  execFileSync(process.execPath, ['scripts/build-pages.ts', '--if-stale'], { stdio: 'inherit' });
}
