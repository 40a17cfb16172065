import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readlinkSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** What a command in a box runs as. */
export interface BoxOptions {
  /** The root of what it sees, but for the system's programs. */
  readonly root: string;
  readonly cwd: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Its user, and the group of the same number. */
  readonly user: number;
  /** Folders of this machine that it sees elsewhere: from, to. */
  readonly binds?: readonly (readonly [from: string, to: string])[];
  /** Whether it can write to /tmp alone. */
  readonly readOnly?: boolean;
}

const SYSTEM = ['usr', 'etc', 'proc', 'dev'];
const LINKS = ['bin', 'sbin', 'lib', 'lib64'];

/** Why nothing can be run in a box here; undefined where it can. */
export const NO_BOX =
  spawnSync('unshare', ['--user', '--map-user=1000', '--keep-caps', '--mount', 'true']).status === 0
    ? undefined
    : 'this system has no user namespaces for everyone';

/** The Node that runs this, and the npm beside it or on the path. */
const NODE = realpathSync(process.execPath);
const NPM = dirname(
  dirname(process.env.npm_execpath ?? realpathSync(spawnSync('which', ['npm']).stdout.toString().trim())),
);
const TOOLS = '/opt/tools';

/** Makes an empty folder the root of a box. */
export function prepareRoot(root: string): void {
  for (const folder of [...SYSTEM, 'tmp', 'root', `${TOOLS}/lib`]) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, TOOLS, 'node'), '');
  symlinkSync('lib/bin/npm-cli.js', join(root, TOOLS, 'npm'));
  for (const link of LINKS) {
    if (existsSync(`/${link}`) && lstatSync(`/${link}`).isSymbolicLink())
      symlinkSync(readlinkSync(`/${link}`), join(root, link));
  }
}

/**
 * Runs a command as an image does that is made of this folder: at its paths, as its user, without privileges, by this
 * Node. The programs of the system and its network are those of this machine.
 */
export function runInBox(
  [command = '', ...args]: readonly string[],
  options: BoxOptions,
): ChildProcessWithoutNullStreams {
  const { root, cwd, environment, user, binds = [], readOnly = false } = options;
  const mounts = [
    ['--bind', root, root],
    ...SYSTEM.map((folder) => ['--rbind', `/${folder}`, join(root, folder)]),
    ['--bind', NODE, join(root, TOOLS, 'node')],
    ['--bind', NPM, join(root, TOOLS, 'lib')],
    ...binds.map(([from, to]) => ['--bind', from, join(root, to)]),
    ...(readOnly
      ? [
          ['-o', 'remount,bind,ro', root],
          ['-t', 'tmpfs', 'tmpfs', join(root, 'tmp')],
        ]
      : []),
  ];
  for (const [, to] of binds) mkdirSync(join(root, to), { recursive: true });
  const script = [
    'set -e',
    ...mounts.map((words) => ['mount', ...words].map(quote).join(' ')),
    // Without privileges, even root of this box may write only where its files are.
    'exec chroot "$1" setpriv --inh-caps=-all --ambient-caps=-all --bounding-set=-all env -i --chdir="$2" "${@:3}"',
  ].join('\n');
  const variables = Object.entries({ ...environment, PATH: `${TOOLS}:/usr/local/bin:/usr/bin:/bin` }).map(
    ([name, value]) => `${name}=${value}`,
  );
  const unshare = ['--user', `--map-user=${user}`, `--map-group=${user}`, '--keep-caps', '--mount'];
  return spawn('unshare', [...unshare, 'bash', '-c', script, 'bash', root, cwd, ...variables, command, ...args]);
}

const quote = (word: string) => `'${word.replaceAll("'", "'\\''")}'`;
