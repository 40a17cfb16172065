import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatEvent } from '../gateway/chat/chat-event.ts';
import { chatEventPolicy } from '../gateway/chat/chat-event-policy.ts';
import type { Write } from '../gateway/chat/run-chat.ts';
import type { Elsewhere, RunningChat } from '../gateway/chat/running-chat.ts';
import type { ClusterStats } from '../gateway/cluster-stats.ts';
import { ProviderError } from '../providers/errors.ts';
import { KEEP_MS, nodeOf, streamOf } from './chat-names.ts';
import { LEASE_MS, type Nodes } from './nodes.ts';
import { onNextPulse } from './pulse.ts';
import { DROP, END, RESUME } from './scripts.ts';
import type { Store } from './store.ts';
import { unavailableEnd } from './unavailable-end.ts';

/** What the writer of a chat does for all other nodes: it puts down what was written, and tells those who follow. */
export interface Publisher extends Elsewhere {
  /** Once the chat is there. What it has already is published too. */
  attach(chat: RunningChat): void;
  /** Holds back what a process writes that was asleep, until it is sure that the chat is still its own; it fails otherwise. */
  guard(write: Write): Write;
  /** A copy follows it. */
  join(copy: string): void;
  leave(copy: string, kind: 'UNSUBSCRIBED' | 'LOST'): void;
  /** The store may have lost what it has said that it has: what is missing is written again. */
  check(): void;
  /** Keeps the chat's keys for longer. */
  keep(): void;
  /** The store is gone. */
  onStoreLost(): void;
  /** Lets go of the followers that have died, and asks the store again what it could not say. */
  look(): void;
  cancel(): void;
  fail(error: ProviderError): void;
  /** The chat is of no use any more. */
  end(): void;
  /** Resolves when all is published, or cannot be. */
  readonly settled: Promise<void>;
}

export interface PublisherOptions {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly stats: ClusterStats;
  readonly name: string;
  /** The digest of the question. */
  readonly question: string;
  readonly fence: string;
  /** The `seq` of its first event that is not published. */
  readonly from: number;
  /** Whether it stands in the store as ours. */
  readonly isClaimed: boolean;
  /** How long a chat is kept that has ended. */
  readonly graceMs: number;
}

const TAKEN_OVER = 'Another node has taken this chat over';
/** How long a process that was asleep waits until it knows whose its chats are. */
const SURE_MS = 2_000;
/** How long nothing more is written after something was refused. */
const PAUSE_MS = 400;
/** How long those who follow a chat have to say so again after the store was emptied. */
const RETURN_MS = 2 * LEASE_MS;

export function createPublisher(options: PublisherOptions): Publisher {
  const { store, nodes, stats, name, question, fence, graceMs } = options;
  const stream = streamOf(name, fence);
  const followers = new Map<string, (kind: 'UNSUBSCRIBED' | 'LOST') => void>();
  const settled = Promise.withResolvers<void>();
  let chat: RunningChat | undefined;
  let next = options.from;
  /** `UNSURE`: the store was away, and has to be asked what it has. `LOST`: the chat is another's, or nobody's. */
  let state: 'OURS' | 'UNSURE' | 'LOST' = options.isClaimed ? 'OURS' : 'UNSURE';
  let isFlushing = false;
  /** Whether nobody can be asked whose the chat is: it goes on for those who read it here. */
  let isAlone = !options.isClaimed;
  let asking: Promise<void> | undefined;
  /** What was refused is not written again before this. */
  let pausedUntil = 0;
  /** From when on the store has all who follow it again, should it have been emptied. */
  let everyoneIsKnownAt = 0;
  /** What is not written yet, as it is not sure that it may be, and when that is known. */
  const waiting: { readonly event: ChatEvent; readonly write: Write }[] = [];
  let held: Promise<void> | undefined;

  function onAppend(): void {
    if (isFlushing) return;
    isFlushing = true;
    onNextPulse(flush);
  }

  function flush(): void {
    isFlushing = false;
    if (!chat || state !== 'OURS' || performance.now() < pausedUntil) return;
    const events = chat.from(next);
    const last = events.at(-1);
    if (!last) return;
    const place = String(next);
    next = last.seq + 1;
    const json = JSON.stringify(events);
    const isLast = chatEventPolicy.isLast(last);
    stats.published++;
    stats.publishedCharacters += json.length;
    void put(next, json, isLast);
    if (followers.size === 0) return;
    const message = `events\n${name}\n${fence}\n${place}\n${json}`;
    for (const node of new Set([...followers.keys()].map(nodeOf))) tell(node, message);
  }

  async function put(end: number, json: string, isLast: boolean): Promise<void> {
    try {
      const reply = await (isLast
        ? store.run(END, name, [store.prefix, fence, `${end}-0`, json, String(graceMs)])
        : store.send(stream, ['XADD', stream, 'NOMKSTREAM', `${end}-0`, 'events', json]));
      if (reply === null) return void ask(); // The stream is another's, or the store was emptied.
      if (followers.size > 0) chat?.reached(end);
      if (isLast) settled.resolve();
    } catch {
      if (state === 'OURS') state = 'UNSURE';
      pausedUntil = performance.now() + PAUSE_MS; // A store that is full would refuse it at once again.
    }
  }

  function tell(node: string, message: string): void {
    const channel = `${store.prefix}:node:${node}`;
    store.send(channel, ['PUBLISH', channel, message]).catch(() => {}); // It looks by itself when the store is back.
  }

  /** Asks the store whose the chat is, and goes on from what it has. */
  function ask(): Promise<void> {
    if (state === 'LOST') return Promise.resolve();
    state = 'UNSURE';
    asking ??= askNow().finally(() => {
      asking = undefined;
    });
    return asking;
  }

  async function askNow(): Promise<void> {
    try {
      const args = [store.prefix, nodes.self, question, fence, String(KEEP_MS)];
      const before = [...followers.keys()];
      const [answer, last, cancelled, ...following] = (await store.run(RESUME, name, args)) as string[];
      if (answer !== 'MINE') return lose();
      next = Number(last);
      state = 'OURS';
      isAlone = false;
      if (next === 0) giveTime();
      const left = performance.now() < everyoneIsKnownAt ? [] : before.filter((copy) => !following.includes(copy));
      for (const copy of left) leave(copy, 'LOST');
      for (const copy of following) join(copy);
      flush();
      if (cancelled === '1') chat?.cancel();
    } catch {
      // It is asked again when it is back.
    }
  }

  /**
   * Whoever has it tells its end: of one that was asleep nothing more is told, but that. One that never was in the store
   * goes on here alone.
   */
  function lose(): void {
    state = 'LOST';
    settled.resolve();
    if (!options.isClaimed) return;
    stats.lost++;
    waiting.length = 0;
    chat?.fail(new ProviderError('UNAVAILABLE', TAKEN_OVER));
  }

  function join(copy: string): void {
    if (chat && !followers.has(copy)) {
      followers.set(copy, chat.hasEnded ? () => {} : chat.attend()); // Its end may not be told yet.
      chat.reached(next);
    }
    tell(nodeOf(copy), `reached\n${name}\n${fence}\n${next}`);
  }

  function leave(copy: string, kind: 'UNSUBSCRIBED' | 'LOST'): void {
    followers.get(copy)?.(kind);
    followers.delete(copy);
  }

  /** The store has nothing of it: those who follow it say so again, and whoever did not by then has left. */
  function giveTime(): void {
    if (followers.size === 0) return;
    everyoneIsKnownAt = performance.now() + RETURN_MS;
    setTimeout(ask, RETURN_MS).unref();
  }

  async function makeSure(): Promise<void> {
    const until = performance.now() + SURE_MS;
    do {
      await ask();
      if (state === 'UNSURE') await sleep(SURE_MS / 20);
    } while (state === 'UNSURE' && performance.now() < until);
    isAlone ||= state === 'UNSURE';
    held = undefined;
    for (const { event, write } of waiting.splice(0)) write(event);
  }

  function guard(write: Write): Write {
    return (event) => {
      if (state === 'LOST' && options.isClaimed) {
        return chatEventPolicy.isLast(event) ? write(unavailableEnd(event.seq, TAKEN_OVER)) : undefined;
      }
      if (!held && (nodes.isKnown || isAlone || state === 'LOST')) return write(event);
      waiting.push({ event, write });
      held ??= makeSure();
      return held;
    };
  }

  return {
    get isWrittenHere() {
      return state !== 'LOST' || !options.isClaimed; // Who comes later is told what the store has.
    },
    onAppend,
    attach(attached) {
      chat = attached;
      if (state === 'OURS') flush();
      else void ask();
    },
    guard,
    join,
    leave,
    check: () => void ask(),
    keep() {
      if (state === 'OURS' && !chat?.hasEnded) void ask();
    },
    onStoreLost() {
      isAlone ||= nodes.isKnown; // Otherwise this process may have been asleep, and another have the chat.
    },
    look() {
      if (state === 'UNSURE' && store.isUp) void ask();
      else if (pausedUntil > 0) flush();
      const isGone = (copy: string) => !nodes.isAlive(nodeOf(copy));
      const gone = [...followers.keys()].filter(isGone); // As of the last look: they may have come since.
      if (gone.length > 0) void nodes.look().then(() => gone.filter(isGone).map((copy) => leave(copy, 'LOST')));
    },
    cancel: () => chat?.cancel(),
    fail: (error) => chat?.fail(error),
    end() {
      const last = chat?.from(chat.last).at(-1);
      if (!last || !chatEventPolicy.isLast(last)) store.run(DROP, name, [store.prefix, fence]).catch(() => {});
      settled.resolve();
    },
    settled: settled.promise,
  };
}
