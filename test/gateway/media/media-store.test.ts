import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createMediaStore, type MediaStore, StoreFull } from '../../../src/gateway/media/media-store.ts';
import { createProcessFolder, type ProcessFolder } from '../../../src/gateway/media/process-folder.ts';

const LIMITS = { mediaTtlMs: 600_000, maxMediaStoreBytes: 1_000_000 };

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

function createStore(parent: string, limits: Partial<typeof LIMITS> = {}): MediaStore {
  const store = createMediaStore(() => ({ ...LIMITS, ...limits }), createProcessFolder(parent));
  onTestFinished(store.close);
  return store;
}

async function* pieces(...chunks: readonly (string | Error)[]) {
  for (const chunk of chunks) {
    if (chunk instanceof Error) throw chunk;
    yield Buffer.from(chunk);
  }
}

const upload = (bytes: number, body: AsyncIterable<Uint8Array>) => ({
  owner: 'alice',
  mediaType: 'text/plain',
  bytes,
  body,
});

const filesIn = (folder: string) => readdirSync(folder, { recursive: true }).filter((name) => name.includes('/'));

test('what was added is read as it was, in any number of pieces', async () => {
  const store = createStore(makeFolder());
  const { url } = await store.add(upload(5, pieces('he', 'l', 'lo')));
  expect(await store.read(url, 'alice')).toEqual({ mediaType: 'text/plain', bytes: Buffer.from('hello') });
  expect(await store.read(url, 'bob')).toBeUndefined();
});

describe('nothing is left of a body', () => {
  test.for([
    ['that breaks off', ['he', new Error('broken')], 'broken'],
    ['that is shorter than it said', ['he'], 'Expected 5 bytes, got 2'],
    ['that is longer', ['hello', 'hello'], 'Expected 5 bytes, got 10'],
  ] as const)('%s', async ([, chunks, message]) => {
    const folder = makeFolder();
    const store = createStore(folder, { maxMediaStoreBytes: 4096 });
    await expect(store.add(upload(5, pieces(...chunks)))).rejects.toThrow(message);
    expect(filesIn(folder)).toEqual([]);
    await store.add(upload(5, pieces('hello'))); // Its room is free again.
  });

  test('for which the disk has no room', async () => {
    const folder = makeFolder();
    const real = createProcessFolder(folder);
    let isFull = true;
    const full: ProcessFolder = {
      ...real,
      async create(name) {
        const made = await real.create(name);
        if (!isFull) return made;
        await made.handle.close();
        return { path: made.path, handle: await open('/dev/full', 'w') };
      },
    };
    const store = createMediaStore(() => ({ ...LIMITS, maxMediaStoreBytes: 4096 }), full);
    onTestFinished(store.close);
    const error = await store.add(upload(5, pieces('hello'))).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(StoreFull);
    expect(error).toMatchObject({ message: 'The disk is full', cause: { code: 'ENOSPC' } });
    expect(filesIn(folder)).toEqual([]);
    isFull = false;
    await store.add(upload(5, pieces('hello')));
  });
});

test('a file that somebody took away is gone, and so is a folder', async () => {
  const folder = makeFolder();
  const store = createStore(folder);
  const { url } = await store.add(upload(5, pieces('hello')));
  for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
  expect(await store.read(url, 'alice')).toBeUndefined();
  const again = await store.add(upload(5, pieces('hello')));
  expect(await store.read(again.url, 'alice')).toMatchObject({ bytes: Buffer.from('hello') });
});

test('many small files take whole blocks of the room', async () => {
  const store = createStore(makeFolder(), { maxMediaStoreBytes: 10_000 });
  const urls: string[] = [];
  for (let at = 0; at < 3; at++) urls.push((await store.add(upload(1, pieces('x')))).url);
  const found = await Promise.all(urls.map((url) => store.read(url, 'alice')));
  expect(found.map((one) => one !== undefined)).toEqual([false, true, true]);
});

test('a folder is not there before it is needed, nor after it was closed', async () => {
  const folder = makeFolder();
  const store = createStore(folder);
  expect(readdirSync(folder)).toEqual([]);
  await store.add(upload(5, pieces('hello')));
  const [name = ''] = readdirSync(folder);
  expect(name).toContain(String(process.pid));
  createProcessFolder(folder); // Another of the same process, which runs.
  await store.add(upload(5, pieces('hello')));
  expect(existsSync(join(folder, name))).toBe(true);
  await store.close();
  expect(readdirSync(folder)).toEqual([]);
});
