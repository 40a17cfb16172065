import type { ChatCopy, ChatKey, ChatStart, LocalChats, Opened } from '../gateway/chat/chat-directory.ts';
import type { Elsewhere, RunningChat } from '../gateway/chat/running-chat.ts';
import type { ClusterStats } from '../gateway/cluster-stats.ts';
import { createFollower, type Follower } from './follower.ts';
import type { Nodes } from './nodes.ts';
import { createPublisher, type Publisher, type PublisherOptions } from './publisher.ts';
import { DISOWN } from './scripts.ts';
import type { Store } from './store.ts';
import { unavailableEnd } from './unavailable-end.ts';

/** A chat that is opened, by what it is called in the store. */
export interface Named {
  readonly key: ChatKey;
  readonly name: string;
  /** The digest of the question. */
  readonly question: string;
}

/** What this node is to each chat that it has: its writer, or one that follows it. */
export interface ChatRoles {
  readonly publishers: ReadonlyMap<string, Publisher>;
  readonly followers: ReadonlyMap<string, Follower>;
  /** @param fence with which the store knows that it is ours; undefined where it does not */
  startHere(chat: Named, start: ChatStart, fence: string | undefined): Opened;
  /** @param copy by which its writer knows it */
  startCopy(chat: Named, copy: string, options: ChatCopy, where: readonly string[]): Opened;
  /** What another node says. */
  receive(message: string): void;
}

const EARLY_MS = 1_000;

export interface ChatRolesOptions {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly local: LocalChats;
  readonly stats: ClusterStats;
}

export function createChatRoles({ store, nodes, local, stats }: ChatRolesOptions): ChatRoles {
  const publishers = new Map<string, Publisher>();
  const followers = new Map<string, Follower>();
  /** The copies that follow chats that this node does not have, or not yet. */
  const early = new Map<string, readonly string[]>();

  function receive(message: string): void {
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
        if (publisher) publisher.join(one);
        else keepForLater(name, one);
        break;
      case 'left':
        publisher?.leave(one, two === 'UNSUBSCRIBED' ? two : 'LOST');
        break;
      case 'cancel':
        publisher?.cancel();
        break;
    }
  }

  /** Whoever follows may be heard of before the store has said that the chat is ours; or it is ours, and gone. */
  function keepForLater(name: string, copy: string): void {
    early.set(name, [...(early.get(name) ?? []), copy]);
    setTimeout(() => {
      if (early.delete(name) && !publishers.has(name)) {
        store.run(DISOWN, name, [store.prefix, nodes.self]).catch(() => {}); // Whoever follows gives up by itself.
      }
    }, EARLY_MS);
  }

  function publish(options: Omit<PublisherOptions, 'store' | 'nodes' | 'stats'>): Publisher {
    const publisher = createPublisher({ store, nodes, stats, ...options });
    publishers.set(options.name, publisher);
    stats.written = publishers.size;
    return publisher;
  }

  function forget<T>(map: Map<string, T>, name: string, value: T | undefined): void {
    if (map.get(name) === value) map.delete(name);
    stats.written = publishers.size;
    stats.followed = followers.size;
  }

  function startHere({ key, ...named }: Named, start: ChatStart, fence: string | undefined): Opened {
    const { name } = named;
    const isClaimed = fence !== undefined;
    const graceMs = start.limits.resumeGraceMs;
    const publisher = publish({ ...named, fence: fence ?? '1', from: 0, isClaimed, graceMs });
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
    for (const copy of early.get(name) ?? []) publisher.join(copy);
    early.delete(name);
    return opened;
  }

  function startCopy(
    { key, ...named }: Named,
    copy: string,
    { limits, stats: counted, revive }: ChatCopy,
    [fence = '', writer = '']: readonly string[],
  ): Opened {
    const { name } = named;
    const graceMs = limits.resumeGraceMs;
    const mayRevive = revive !== undefined;
    const follower = createFollower({ store, nodes, stats, ...named, copy, fence, writer, graceMs, mayRevive });
    followers.set(name, follower);
    stats.followed = followers.size;
    let publisher: Publisher | undefined;
    let chat: RunningChat | undefined;
    const elsewhere: Elsewhere = {
      get isWrittenHere() {
        return publisher?.isWrittenHere === true;
      },
      onAppend: () => publisher?.onAppend(),
    };
    const opened = local.open(key, {
      limits,
      stats: counted,
      isResumable: true,
      elsewhere,
      async run(signal, write) {
        const end = await follower.follow(signal, write);
        forget(followers, name, follower);
        if (end.kind === 'ENDED' || !chat || !revive) return;
        publisher = publish({ ...named, fence: end.fence, from: end.from, isClaimed: true, graceMs });
        publisher.attach(chat);
        publisher.keep(); // It learns who follows.
        const guarded = publisher.guard(write);
        try {
          const run = await revive(signal);
          await run(signal, guarded, end.from);
        } catch (error) {
          const message = error instanceof Error ? error.message : String(error);
          guarded(unavailableEnd(end.from, message));
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

  return { publishers, followers, startHere, startCopy, receive };
}
