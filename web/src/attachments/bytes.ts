import { type DBSchema, openDB } from 'idb';

interface Kept extends DBSchema {
  bytes: { key: string; value: File };
}

/** In a database of its own: tabs with an older page have the other one open, which could not be changed under them. */
const database = openDB<Kept>('modelql-attachments', 1, {
  upgrade(opened) {
    opened.createObjectStore('bytes');
  },
});

/** What this page has put there itself, also where the browser keeps nothing, as some do in private windows. */
const here = new Map<string, File>();

/** @throws where the browser has no room for it; until the page is closed it is there all the same */
export async function keepBytes(id: string, bytes: File): Promise<void> {
  here.set(id, bytes);
  await (await database).put('bytes', bytes, id);
}

export async function loadBytes(id: string): Promise<File | undefined> {
  return here.get(id) ?? (await (await database).get('bytes', id).catch(() => undefined));
}

export async function dropBytes(id: string): Promise<void> {
  here.delete(id);
  await (await database).delete('bytes', id);
}
