// Compiles src/ into dist/, for the package: JavaScript, and the types of its entry.
import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

/** The files of types that this one needs, and itself. */
function reach(file: string, reached: Set<string>): Set<string> {
  if (reached.has(file)) return reached;
  reached.add(file);
  for (const [, path = ''] of readFileSync(file, 'utf8').matchAll(/(?:from |import\()['"](\.[^'"]+)\.ts['"]/g)) {
    reach(join(dirname(file), `${path}.d.ts`), reached);
  }
  return reached;
}

rmSync(DIST, { recursive: true, force: true });
const compiler = join(ROOT, 'node_modules/typescript/bin/tsc');
execFileSync(process.execPath, [compiler, '-p', join(ROOT, 'tsconfig.build.json')], { stdio: 'inherit' });
// The compiler writes those of every file: nobody can import them.
const needed = reach(join(DIST, 'index.d.ts'), new Set());
for (const file of globSync('**/*.d.ts', { cwd: DIST })) {
  if (!needed.has(join(DIST, file))) rmSync(join(DIST, file));
}
