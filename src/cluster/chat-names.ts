import { createHash, hash } from 'node:crypto';
import type { ChatKey } from '../gateway/chat/chat-directory.ts';

/** What all keys of a chat begin with. Owners and ids may be anything; the braces keep them in one slot of a Redis Cluster. */
export function nameOf(prefix: string, { owner, id }: Pick<ChatKey, 'owner' | 'id'>): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([owner, id]))
    .digest('base64url')
    .slice(0, 27);
  return `${prefix}:{${digest}}`;
}

/** What was asked: long as it may be, two questions are told apart by this. */
export function digestOf(question: string): string {
  return hash('sha256', question, 'base64url');
}

export const streamOf = (name: string, fence: string) => `${name}:s${fence}`;

/** Where a copy is. */
export const nodeOf = (copy: string) => copy.slice(0, copy.indexOf('/'));

/**
 * The places that are left out where one node goes on for another: more than the other can have told its own readers
 * that nobody else has heard of.
 */
export const PLACES_LEFT_OUT = 262_144;

/** How long the keys of a chat that runs are kept, from the last time that its writer said so. */
export const KEEP_MS = 900_000;
