import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { isCode, type ProcessFolder } from './process-folder.ts';

export interface MediaStoreLimits {
  /** From the last use. */
  readonly mediaTtlMs: number;
  /** Of all files together. */
  readonly maxMediaStoreBytes: number;
}

export interface MediaUpload {
  /** Who alone may use it. */
  readonly owner: string;
  readonly mediaType: string;
  /** How many there are: as many have to come. */
  readonly bytes: number;
  readonly body: AsyncIterable<Uint8Array>;
}

export interface StoredMedia {
  /** `media:` and a text that nobody can guess. */
  readonly url: string;
  readonly mediaType: string;
  readonly bytes: number;
  /** Unless it is used before. */
  readonly expiresAt: Date;
}

/** What was sent to be shown to models: in files, for a while, and no more than there is room for. */
export interface MediaStore {
  /** What is kept, with what is being written, in whole blocks of the disk. */
  readonly bytes: number;
  /** @throws StoreFull, or what the body throws: nothing is left of it then */
  add(upload: MediaUpload): Promise<StoredMedia>;
  /** Undefined for what is gone, or another's. */
  read(url: string, owner: string): Promise<{ readonly mediaType: string; readonly bytes: Uint8Array } | undefined>;
  /** Removes all. */
  close(): Promise<void>;
}

/** There is no room, neither on the disk nor beside the files in use; or no disk. */
export class StoreFull extends Error {
  override readonly name = 'StoreFull';
}

interface Entry {
  readonly path: string;
  readonly owner: string;
  readonly mediaType: string;
  readonly room: number;
  readonly timer: NodeJS.Timeout;
  /** How many read it at this moment. */
  readers: number;
}

/** Of the disk: a file takes whole blocks. */
const BLOCK_BYTES = 4096;

/** The codes of a folder that is not there, or that we may not write to. */
const NOT_WRITABLE = ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM', 'EROFS'];
const NO_FOLDER = 'This server has no folder for temporary files that it may write to (TMPDIR names one)';

/** @param limits those of now */
export function createMediaStore(limits: () => MediaStoreLimits, folder: ProcessFolder): MediaStore {
  /** Those used least recently first. */
  const entries = new Map<string, Entry>();
  let taken = 0;
  /** Of that, what is being written or read. */
  let held = 0;

  function makeRoom(bytes: number): void {
    const { maxMediaStoreBytes } = limits();
    if (held + bytes > maxMediaStoreBytes) throw new StoreFull('Too much is in use: no room for more');
    for (const [url, { readers }] of entries) {
      if (taken + bytes <= maxMediaStoreBytes) return;
      if (readers === 0) remove(url);
    }
  }

  function remove(url: string): void {
    const entry = entries.get(url);
    if (!entry) return;
    entries.delete(url);
    clearTimeout(entry.timer);
    taken -= entry.room;
    void rm(entry.path, { force: true }).catch(() => {}); // It goes with the folder.
  }

  /** The timer of one that is being read is set anew when that is over. */
  function expire(url: string): void {
    if (entries.get(url)?.readers === 0) remove(url);
  }

  async function write(name: string, { bytes, body }: MediaUpload): Promise<string> {
    const { path, handle } = await folder.create(name);
    try {
      let written = 0;
      for await (const chunk of body) {
        await handle.appendFile(chunk);
        written += chunk.length;
      }
      if (written !== bytes) throw new Error(`Expected ${bytes} bytes, got ${written}`);
      await handle.close();
      return path;
    } catch (error) {
      await handle.close().catch(() => {});
      await rm(path, { force: true });
      throw error;
    }
  }

  return {
    get bytes() {
      return taken;
    },
    async add(upload) {
      const { owner, mediaType, bytes } = upload;
      const { mediaTtlMs } = limits();
      const room = Math.max(1, Math.ceil(bytes / BLOCK_BYTES)) * BLOCK_BYTES;
      makeRoom(room);
      taken += room;
      held += room;
      const name = randomUUID();
      const url = `media:${name}`;
      try {
        const path = await write(name, upload);
        const timer = setTimeout(() => expire(url), mediaTtlMs).unref();
        entries.set(url, { path, owner, mediaType, room, timer, readers: 0 });
        return { url, mediaType, bytes, expiresAt: new Date(Date.now() + mediaTtlMs) };
      } catch (error) {
        taken -= room;
        if (isCode(error, 'ENOSPC', 'EDQUOT')) throw new StoreFull('The disk is full', { cause: error });
        if (isCode(error, ...NOT_WRITABLE)) throw new StoreFull(NO_FOLDER, { cause: error });
        throw error;
      } finally {
        held -= room;
      }
    },

    async read(url, owner) {
      const entry = entries.get(url);
      if (entry?.owner !== owner) return undefined;
      entries.delete(url);
      entries.set(url, entry);
      if (entry.readers++ === 0) held += entry.room;
      try {
        return { mediaType: entry.mediaType, bytes: await readFile(entry.path) };
      } catch (error) {
        if (!isCode(error, 'ENOENT')) throw error;
        remove(url);
        return undefined;
      } finally {
        if (--entry.readers === 0) held -= entry.room;
        entry.timer.refresh();
      }
    },

    async close() {
      for (const url of [...entries.keys()]) remove(url);
      await folder.remove();
    },
  };
}
