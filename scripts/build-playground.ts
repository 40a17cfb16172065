// Builds web/ into web/dist. With --if-stale only where that is missing or older than what it is made from, so that
// `npm start` costs nothing on the second day.
import { existsSync, globSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'web/dist');
/** Where it is built, to be put in its place when it is whole. */
const WORK = join(ROOT, `web/dist.${process.pid}`);
const PAGE = join(DIST, 'index.html');

const changedAt = (file: string) => statSync(file).mtimeMs;

function isStale(): boolean {
  if (!existsSync(PAGE)) return true;
  const sources = globSync(['web/{src,public}/**/*.*', 'web/*.*', 'package.json'], { cwd: ROOT });
  return sources.some((source) => changedAt(join(ROOT, source)) > changedAt(PAGE));
}

/** The server sends these in place of the files beside them, to browsers that take them: nearly all. */
function compress(): void {
  for (const file of globSync('**/*.{html,js,css,svg}', { cwd: WORK })) {
    const content = readFileSync(join(WORK, file));
    writeFileSync(join(WORK, `${file}.br`), brotliCompressSync(content));
    writeFileSync(join(WORK, `${file}.gz`), gzipSync(content, { level: 9 }));
  }
}

/** Standard output belongs to the server's log, which begins with its URL. */
const say = (text: string) => void process.stderr.write(`${text}\n`);

async function build(): Promise<void> {
  // A production install has no builder: the server works without the page.
  const vite = await import('vite').catch(() => undefined);
  if (!vite) return say('The playground is not built: its builder is a development dependency. Going on without it.');
  const beganAt = performance.now();
  say('Building the playground: once, until its sources change …');
  await vite.build({ root: join(ROOT, 'web'), logLevel: 'warn', build: { outDir: WORK } });
  compress();
  rmSync(DIST, { recursive: true, force: true });
  renameSync(WORK, DIST);
  say(`Built in ${((performance.now() - beganAt) / 1000).toFixed(1)} s.`);
}

const { values } = parseArgs({ options: { 'if-stale': { type: 'boolean', default: false } } });
if (!values['if-stale']) await build();
else if (isStale())
  await build().catch((error) => say(`The playground could not be built. Going on without it. ${error}`));
