import { spawnSync } from 'node:child_process';
import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const BUILDER = join(ROOT, 'scripts/build-pages.ts');

/** The folder of the built pages: the playground and GraphiQL. */
export const PAGES = join(ROOT, 'web/dist');
const PAGE = join(PAGES, 'index.html');

/** Where the pages are. A checkout builds them, when they are missing or their sources have changed. */
export function findPages(): string | undefined {
  // Its output goes to standard error: standard output belongs to the log, which begins with the URL.
  if (existsSync(BUILDER) && arePagesStale()) {
    spawnSync(process.execPath, [BUILDER, '--if-stale'], { stdio: ['ignore', 2, 2] });
  }
  return existsSync(PAGE) ? PAGES : undefined;
}

/** Whether they are missing or older than what they are made from. */
export function arePagesStale(): boolean {
  if (!existsSync(PAGE)) return true;
  const builtAt = statSync(PAGE).mtimeMs;
  const sources = globSync(['web/{src,public}/**/*.*', 'web/*.*', 'package.json'], { cwd: ROOT });
  return sources.some((source) => statSync(join(ROOT, source)).mtimeMs > builtAt);
}
