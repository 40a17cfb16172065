import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Cluster } from '../config/cluster.ts';
import {
  type ChatCopy,
  type ChatDirectory,
  type ChatKey,
  type ChatStart,
  createChatDirectory,
  type Opened,
} from '../gateway/chat/chat-directory.ts';
import type { Elsewhere, RunningChat } from '../gateway/chat/running-chat.ts';
import { unavailable } from '../gateway/input-errors.ts';
import { ProviderError } from '../providers/errors.ts';
import { digestOf, KEEP_MS, nameOf } from './chat-names.ts';
import { createFollower, type Follower } from './follower.ts';
import { createNodes } from './nodes.ts';
import { createPublisher, type Publisher } from './publisher.ts';
import { CANCEL, OPEN, WHERE } from './scripts.ts';
import { createStore } from './store.ts';

/** The chats of all nodes. */
export interface ClusterChats extends ChatDirectory {
  /** Why this node is not ready; undefined when it is. */
  readonly problem: string | undefined;
  /** Lets the chats that run here end, ends the others after `graceMs`, and leaves the cluster. */
  close(graceMs: number): Promise<void>;
}

/** How often it is looked whether writers and followers live. */
const LOOK_MS = 500;
/** How often the keys of chats that run are kept for longer. */
const RENEW_MS = KEEP_MS / 3;
/** How long the last events may take to reach the store. */
const FAREWELL_MS = 1_000;

/** Keeps the chats with ids of their clients in a store, where every node finds them; the others are this process's own. */
export function createClusterChats(cluster: Cluster, log: Logger): ClusterChats {
  const self = `${cluster.nodeId ?? hostname()}-${randomUUID().slice(0, 8)}`;
  const local = createChatDirectory();
  const publishers = new Map<string, Publisher>();
  const followers = new Map<string, Follower>();
  const opening = new Map<string, Promise<Opened>>();
  const store = createStore({ ...cluster, log, channel: `${cluster.prefix}:node:${self}`, onMessage });
  const nodes = createNodes(self, store);
  const { prefix } = store;
  let copies = 0;

  function onMessage(message: string): void {
    const [type = '', name = '', one = '', two = ''] = message.split('\n', 4);
    const publisher = publishers.get(name);
    const follower = followers.get(name);
    switch (type) {
      case 'events':
        follower?.onEvents(one, Number(two), message.slice(`${type}${name}${one}${two}`.length + 4));
        break;
      case 'reached':
        follower?.onReached(Number(two));
        break;
      case 'moved':
        follower?.look();
        break;
      case 'joined':
        publisher?.join(one);
        break;
      case 'left':
        publisher?.leave(one, two === 'UNSUBSCRIBED' ? two : 'LOST');
        break;
      case 'cancel':
        publisher?.cancel();
        break;
    }
  }

  function publish(
    name: string,
    question: string,
    graceMs: number,
    more: { fence: string; from: number; isClaimed: boolean },
  ) {
    const publisher = createPublisher({ store, nodes, name, question, graceMs, ...more });
    publishers.set(name, publisher);
    return publisher;
  }

  function forget<T>(map: Map<string, T>, name: string, value: T | undefined): void {
    if (map.get(name) === value) map.delete(name);
  }

  /** @param isClaimed whether the store knows that it is ours */
  function startHere(key: ChatKey, name: string, question: string, start: ChatStart, isClaimed: boolean): Opened {
    const publisher = publish(name, question, start.limits.resumeGraceMs, { fence: '1', from: 0, isClaimed });
    const opened = local.open(key, {
      ...start,
      run: (signal, write, from) => start.run(signal, publisher.guard(write), from),
      elsewhere: publisher,
      onEnd() {
        publisher.end();
        forget(publishers, name, publisher);
      },
    });
    if (opened.kind === 'NEW') publisher.attach(opened.chat);
    return opened;
  }

  function startCopy(
    key: ChatKey,
    name: string,
    copyId: string,
    question: string,
    { limits, revive }: ChatCopy,
    [fence = '', writer = '']: readonly string[],
  ): Opened {
    const graceMs = limits.resumeGraceMs;
    const follower = createFollower({
      store,
      nodes,
      name,
      copy: copyId,
      question,
      fence,
      writer,
      graceMs,
      mayRevive: revive !== undefined,
    });
    followers.set(name, follower);
    let publisher: Publisher | undefined;
    let chat: RunningChat | undefined;
    const elsewhere: Elsewhere = {
      get isWrittenHere() {
        return publisher !== undefined;
      },
      onAppend: () => publisher?.onAppend(),
    };
    const opened = local.open(key, {
      limits,
      isResumable: true,
      elsewhere,
      async run(signal, write) {
        const end = await follower.follow(signal, write);
        forget(followers, name, follower);
        if (end.kind === 'ENDED' || !chat || !revive) return;
        publisher = publish(name, question, graceMs, { ...end, isClaimed: true });
        publisher.attach(chat);
        publisher.keep(); // It learns who follows.
        const guarded = publisher.guard(write);
        try {
          const run = await revive(signal);
          await run(signal, guarded, end.from);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          guarded({
            type: 'ChatFailed',
            seq: end.from,
            code: 'UNAVAILABLE',
            message,
            retryable: true,
            retryAfterMs: null,
            attempts: [],
          });
        }
      },
      onEnd() {
        forget(followers, name, follower);
        publisher?.end();
        forget(publishers, name, publisher);
      },
    });
    if (opened.kind === 'NEW') chat = opened.chat;
    return { ...opened, kind: 'HERE' } as Opened;
  }

  async function openAnywhere(
    key: ChatKey,
    name: string,
    start: ChatStart | undefined,
    copy: ChatCopy,
  ): Promise<Opened> {
    const question = digestOf(key.question ?? '');
    const copyId = `${self}/${copies++}`;
    const args = [prefix, self, question, start ? '1' : '0', String(KEEP_MS), copyId];
    let answer: string[];
    try {
      answer = (await store.run(OPEN, name, args)) as string[];
    } catch {
      if (start) return startHere(key, name, question, start, false);
      throw unavailable(
        'Chats of other nodes cannot be joined now: their store cannot be reached. Try again in a moment.',
      );
    }
    const [kind, ...where] = answer;
    if (kind === 'ABSENT' || kind === 'OTHER_QUESTION') return { kind };
    if (kind === 'NEW' && start) return startHere(key, name, question, start, true);
    return startCopy(key, name, copyId, question, copy, where);
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
    for (const publisher of publishers.values()) if (isUp) publisher.onStoreUp();
    for (const follower of followers.values()) follower.look();
  });

  return {
    get problem() {
      return store.isUp ? undefined : 'the store of the cluster cannot be reached';
    },
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
      await nodes.close();
      store.close();
    },
  };
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const timer = setTimeout(late.resolve, ms);
  await Promise.race([work, late.promise]);
  clearTimeout(timer);
}
