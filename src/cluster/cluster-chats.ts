import {
  type ChatCopy,
  type ChatDirectory,
  type ChatKey,
  type ChatStart,
  createChatDirectory,
  type Opened,
} from '../gateway/chat/chat-directory.ts';
import type { ClusterStats } from '../gateway/cluster-stats.ts';
import { unavailable } from '../gateway/input-errors.ts';
import { ProviderError } from '../providers/errors.ts';
import { digestOf, KEEP_MS, nameOf } from './chat-names.ts';
import { createChatRoles } from './chat-roles.ts';
import { leave } from './leave.ts';
import type { Nodes } from './nodes.ts';
import { CANCEL, OPEN, WHERE } from './scripts.ts';
import type { Store } from './store.ts';

/** The chats of all nodes. */
export interface ClusterChats extends ChatDirectory {
  /** What another node says of one. */
  receive(message: string): void;
  /** Lets the chats that run here end, and ends the others after `graceMs`. */
  close(graceMs: number): Promise<void>;
}

/** How often it is looked whether writers and followers live. */
const LOOK_MS = 500;
/** How often the keys of chats that run are kept for longer. */
const RENEW_MS = KEEP_MS / 3;
/** How long the last events may take to reach the store. */
const FAREWELL_MS = 1_000;

/** Keeps the chats with ids of their clients in a store, where every node finds them; the others are this process's own. */
export function createClusterChats(store: Store, nodes: Nodes, stats: ClusterStats): ClusterChats {
  const { prefix } = store;
  const { self } = nodes;
  const local = createChatDirectory();
  const { publishers, followers, startHere, startCopy, receive } = createChatRoles({ store, nodes, local, stats });
  const opening = new Map<string, Promise<Opened>>();
  let copies = 0;

  async function openAnywhere(
    key: ChatKey,
    name: string,
    start: ChatStart | undefined,
    copy: ChatCopy,
  ): Promise<Opened> {
    const question = digestOf(key.question ?? '');
    const chat = { key, name, question };
    const copyId = `${self}/${copies++}`;
    const args = [prefix, self, question, start ? '1' : '0', String(KEEP_MS), copyId];
    let answer: string[];
    const wasUp = store.isUp;
    if (store.isUp && !nodes.isKnown) await nodes.look(); // Others would take what is opened here for a dead node's.
    try {
      answer = (await store.run(OPEN, name, args)) as string[];
    } catch {
      if (wasUp) void leave(store, name, copyId, 'LOST'); // The store may have done it, and the answer was lost.
      if (start) return startHere(chat, start, undefined);
      throw unavailable(
        'Chats of other nodes cannot be joined now: their store cannot be reached. Try again in a moment.',
      );
    }
    const [kind, ...where] = answer;
    if (kind === 'ABSENT' || kind === 'OTHER_QUESTION') return { kind };
    if (kind === 'NEW' && start) return startHere(chat, start, where[0]);
    return startCopy(chat, copyId, copy, where);
  }

  function lookAround(): void {
    for (const publisher of publishers.values()) publisher.look();
    for (const follower of followers.values()) follower.lookAfter();
  }

  function renew(): void {
    for (const publisher of publishers.values()) publisher.keep();
  }

  const timers = [setInterval(lookAround, LOOK_MS), setInterval(renew, RENEW_MS)];
  store.onChange((isUp) => {
    for (const publisher of publishers.values()) isUp ? publisher.check() : publisher.onStoreLost();
    for (const follower of followers.values()) follower.look();
  });
  nodes.onForgotten(() => {
    for (const publisher of publishers.values()) publisher.check();
    for (const follower of followers.values()) follower.onForgotten();
  });

  return {
    receive,
    async open(key, start, copy) {
      if (key.question === undefined) return local.open(key, start);
      const name = nameOf(prefix, key);
      for (let other = opening.get(name); other; other = opening.get(name)) await other.catch(() => {});
      if (local.has(key.owner, key.id)) return local.open(key, undefined);
      const opened = openAnywhere(key, name, start, copy);
      opening.set(name, opened);
      return opened.finally(() => opening.delete(name));
    },
    async has(owner, id) {
      if (local.has(owner, id)) return true;
      const name = nameOf(prefix, { owner, id });
      const where = await store.run(WHERE, name, [prefix]).catch(() => ['ABSENT']);
      return (where as string[])[0] !== 'ABSENT';
    },
    async cancel(owner, id) {
      const name = nameOf(prefix, { owner, id });
      if (local.has(owner, id) && !followers.has(name)) return local.cancel(owner, id);
      try {
        const [kind, , writer = ''] = (await store.run(CANCEL, name, [prefix])) as string[];
        return kind === 'ELSEWHERE' && nodes.isAlive(writer);
      } catch {
        throw unavailable(
          'Chats of other nodes cannot be cancelled now: their store cannot be reached. Try again in a moment.',
        );
      }
    },
    async close(graceMs) {
      const ended = () => Promise.all([...publishers.values()].map(({ settled }) => settled));
      await within(ended(), graceMs);
      for (const publisher of publishers.values()) {
        publisher.fail(new ProviderError('SHUTTING_DOWN', 'This server is stopping'));
      }
      await within(ended(), FAREWELL_MS);
      for (const timer of timers) clearInterval(timer);
    },
  };
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([work, late.promise]);
  clearTimeout(timer);
}
