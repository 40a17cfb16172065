// Builds web/, the playground and GraphiQL, into web/dist. With --if-stale only where that is missing or older than what
// it is made from, so that a start costs nothing on the second day. Where it cannot be built it ends with 1: a server goes
// on without, and a package is not made.
import { globSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { arePagesStale, PAGES } from '../src/built-pages.ts';

const ROOT = join(import.meta.dirname, '..');
/** Where it is built, to be put in its place when it is whole. */
const WORK = join(ROOT, `web/dist.${process.pid}`);

/** The best one takes seven times as long, for 6 % less. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } };

/** The server sends these in place of the files beside them, to browsers that take them: nearly all. */
function compress(): void {
  for (const file of globSync('**/*.{html,js,css,svg}', { cwd: WORK })) {
    const content = readFileSync(join(WORK, file));
    writeFileSync(join(WORK, `${file}.br`), brotliCompressSync(content, BROTLI));
    writeFileSync(join(WORK, `${file}.gz`), gzipSync(content, { level: 9 }));
  }
}

function giveUp(why: string): void {
  console.error(`${why} Going on without them.`);
  process.exitCode = 1;
}

async function build(): Promise<void> {
  // A production install has no builder: the server works without the pages.
  const vite = await import('vite').catch(() => undefined);
  if (!vite) {
    return giveUp('The playground and GraphiQL are not built: the builder is a development dependency.');
  }
  const beganAt = performance.now();
  console.error('Building the playground and GraphiQL: once, until their sources change …');
  process.env.NODE_ENV = 'production'; // Started by a test it is another, and React would be the one for developers.
  await vite.build({ root: join(ROOT, 'web'), logLevel: 'error', build: { outDir: WORK } });
  compress();
  rmSync(PAGES, { recursive: true, force: true });
  renameSync(WORK, PAGES);
  console.error(`Built in ${((performance.now() - beganAt) / 1000).toFixed(1)} s.`);
}

const { values } = parseArgs({ options: { 'if-stale': { type: 'boolean', default: false } } });
if (!values['if-stale']) await build();
else if (arePagesStale()) {
  await build().catch((error) => giveUp(`The playground and GraphiQL could not be built: ${error}.`));
}
