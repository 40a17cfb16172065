import { type DBSchema, openDB } from 'idb';
import type { Picture } from '../pictures/picture.ts';
import { isRunning } from './answer.ts';
import type { Conversation } from './conversation.ts';
import { upToDate } from './older.ts';

interface Kept extends DBSchema {
  conversations: { key: string; value: Conversation };
  pictures: { key: string; value: Picture };
}

/** Where this browser keeps what was said and drawn. The server keeps nothing. */
const database = openDB<Kept>('modelql', 1, {
  upgrade(opened) {
    opened.createObjectStore('conversations', { keyPath: 'id' });
    opened.createObjectStore('pictures', { keyPath: 'id' });
  },
});

/** Tells the other tabs which conversation was kept or dropped. */
const tabs = new BroadcastChannel('modelql-conversations');

export function onKeptElsewhere(callback: (id: string) => void): void {
  tabs.onmessage = ({ data }) => callback(data);
}

export async function loadConversation(id: string): Promise<Conversation | undefined> {
  const kept = await (await database).get('conversations', id);
  return kept && upToDate(kept);
}

export async function loadConversations(): Promise<Conversation[]> {
  return (await (await database).getAll('conversations')).map(upToDate);
}

export async function keepConversation(conversation: Conversation): Promise<void> {
  const turns = conversation.turns.map((turn) => ({
    ...turn,
    answers: turn.answers.map((answer) => (isRunning(answer) ? answer : { ...answer, input: null })),
  }));
  const transaction = (await database).transaction('conversations', 'readwrite');
  const put = transaction.store.put({ ...conversation, turns });
  transaction.commit(); // So it is kept even where the page is just being left.
  await Promise.all([put, transaction.done]);
  tabs.postMessage(conversation.id);
}

export async function dropConversation(id: string): Promise<void> {
  await (await database).delete('conversations', id);
  tabs.postMessage(id);
}

export const loadPictures = async (): Promise<Picture[]> => (await database).getAll('pictures');

export const keepPicture = async (picture: Picture): Promise<unknown> => (await database).put('pictures', picture);

export const dropPicture = async (id: string): Promise<void> => (await database).delete('pictures', id);
