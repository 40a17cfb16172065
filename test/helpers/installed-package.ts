import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** What a package may be at most, in the tarball and installed. */
export const BOUNDS = { bytes: 5_500_000, files: 520, packages: 120 };

export interface InstalledPackage {
  /** The file that would be published. */
  readonly tarball: string;
  /** Its content. */
  readonly root: string;
  /** A folder in which it is installed, with what it depends on, and nothing else. */
  readonly folder: string;
  /** How many packages that are, with itself. */
  readonly packages: number;
  /** Another such folder, with packages beside it that only our development needs. */
  beside(...names: readonly string[]): string;
  remove(): void;
}

interface Locked {
  readonly dev?: boolean;
  readonly devOptional?: boolean;
}

/** Packs what stands here, as `npm publish` would, and installs it without a network. */
export function installPackage(): InstalledPackage {
  const base = mkdtempSync(join(tmpdir(), 'modelql-package-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', base], { stdio: ['ignore', 'ignore', 'inherit'] });
  const [name = ''] = readdirSync(base);
  const tarball = join(base, name);
  execFileSync('tar', ['-xzf', tarball, '-C', base]);
  const root = join(base, 'package');
  const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
  const needed = Object.keys(packages).filter((path) => path && !packages[path]?.dev && !packages[path]?.devOptional);

  /** Links lead to packages that find each other where they are; ours has to find them here. */
  function install(name: string, more: readonly string[] = []): string {
    const folder = join(base, name);
    const paths = needed.filter((path) => path.lastIndexOf('node_modules/') === 0);
    for (const path of [...paths, ...more.map((one) => `node_modules/${one}`)]) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      symlinkSync(resolve(path), join(folder, path));
    }
    cpSync(root, join(folder, 'node_modules/modelql'), { recursive: true });
    mkdirSync(join(folder, 'node_modules/.bin'));
    symlinkSync('../modelql/bin/modelql.js', join(folder, 'node_modules/.bin/modelql'));
    return folder;
  }

  return {
    tarball,
    root,
    folder: install('alone'),
    packages: needed.length + 1,
    beside: (...names) => install(names.join('-').replaceAll('/', '-'), names),
    remove: () => rmSync(base, { recursive: true }),
  };
}
