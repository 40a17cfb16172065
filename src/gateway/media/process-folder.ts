import { rmSync } from 'node:fs';
import { type FileHandle, lstat, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** A folder for files of this process alone, which is not there before it is needed, nor after the process. */
export interface ProcessFolder {
  /** Makes a file that only we may read. */
  create(name: string): Promise<{ readonly path: string; readonly handle: FileHandle }>;
  remove(): Promise<void>;
}

/** Removes what processes have left that were killed, too. @param parent @default the system's folder for such */
export function createProcessFolder(parent: string = tmpdir()): ProcessFolder {
  const prefix = join(parent, `${OURS}${process.pid}-`);
  const made = new Set<string>();
  let folder: Promise<string> | undefined;
  void removeLeft(parent).catch(() => {}); // Whoever comes next tries again.

  async function make(): Promise<string> {
    const path = await mkdtemp(prefix);
    if (made.size === 0) process.once('exit', removeNow);
    made.add(path);
    return path;
  }

  function removeNow(): void {
    for (const path of made) rmSync(path, { recursive: true, force: true });
  }

  async function openIn(parent: string, name: string) {
    const path = join(parent, name);
    return { path, handle: await open(path, 'wx', 0o600) };
  }

  return {
    async create(name) {
      folder ??= make();
      const current = folder;
      try {
        return await openIn(await current, name);
      } catch (error) {
        if (folder === current) folder = undefined;
        if (!isCode(error, 'ENOENT')) throw error;
        folder ??= make(); // Some systems clear away what has not been touched for days.
        return openIn(await folder, name);
      }
    },
    async remove() {
      process.off('exit', removeNow);
      await folder?.catch(() => {});
      await Promise.all([...made].map((path) => rm(path, { recursive: true, force: true })));
    },
  };
}

/** A process is told by its number, on its own host: containers that share a folder have hosts of their own. */
const OURS = `modelql-media-${hostname()}-`;

async function removeLeft(parent: string): Promise<void> {
  const begun = Date.now() - process.uptime() * 1000;
  for (const name of await readdir(parent)) {
    const [, pid] = name.startsWith(OURS) ? (/^(\d+)-/.exec(name.slice(OURS.length)) ?? []) : [];
    if (pid === undefined) continue;
    const path = join(parent, name);
    const { uid, birthtimeMs } = await lstat(path);
    // In a container that is started again the process before us had our number.
    const isLeft = Number(pid) === process.pid ? birthtimeMs < begun : !isRunning(Number(pid));
    if (isLeft && uid === (process.getuid?.() ?? uid)) await rm(path, { recursive: true, force: true });
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return !isCode(error, 'ESRCH'); // One of another user may not be asked.
  }
}

export function isCode(error: unknown, ...codes: readonly string[]): boolean {
  return codes.includes(String(Object(error).code));
}
