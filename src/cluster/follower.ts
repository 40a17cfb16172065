import { ClientGone } from '../gateway/caller.ts';
import type { ChatEvent } from '../gateway/chat/chat-event.ts';
import { chatEventPolicy } from '../gateway/chat/chat-event-policy.ts';
import type { Write } from '../gateway/chat/run-chat.ts';
import type { ClusterStats } from '../gateway/cluster-stats.ts';
import { KEEP_MS, PLACES_LEFT_OUT, streamOf } from './chat-names.ts';
import { leave } from './leave.ts';
import { LEASE_MS, type Nodes } from './nodes.ts';
import { DISOWN, OPEN, TAKE, WHERE } from './scripts.ts';
import type { Store } from './store.ts';

/** How following ends: with the last event, or where this node is to go on as the writer. */
export type FollowEnd =
  | { readonly kind: 'ENDED' }
  | { readonly kind: 'TAKEN'; readonly fence: string; readonly from: number };

/** A copy of what another node writes, for those who read it here. */
export interface Follower {
  /** Writes what is written there, until it ends or the signal aborts. */
  follow(signal: AbortSignal, write: Write): Promise<FollowEnd>;
  /** Some events were written, from this place on. */
  onEvents(fence: string, place: number, json: string): void;
  /** Its writer has so much of it in the store. */
  onReached(place: number): void;
  /** Something has happened: it looks by itself. */
  look(): void;
  /** The store was emptied, or this node was taken for dead: its writer has to hear of it again. */
  onForgotten(): void;
  /** Looks where its writer may be gone. */
  lookAfter(): void;
}

export interface FollowerOptions {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly stats: ClusterStats;
  readonly name: string;
  /** By which its writer knows it: no other copy has it, here or elsewhere. */
  readonly copy: string;
  /** The digest of the question. */
  readonly question: string;
  readonly fence: string;
  readonly writer: string;
  readonly graceMs: number;
  /** Whether it is to begin again when its writer dies. */
  readonly mayRevive: boolean;
}

/** How long a chat is waited for whose store, or whose writer in it, is not there. */
const PATIENCE_MS = 10_000;
const LOST_MS = 2 * LEASE_MS;
/** What was not heard of is looked for as often. */
const SILENCE_MS = 5_000;
/** As many entries are read at a time. */
const PAGE = 100;

/** What is told where a writer is gone. The `seq` stands before it. */
const WRITER_GONE = {
  type: 'ChatFailed',
  code: 'UNAVAILABLE',
  message: 'The node that ran this chat is gone',
  retryable: true,
  retryAfterMs: null,
  attempts: [],
} as const;
const WRITER_GONE_JSON = JSON.stringify(WRITER_GONE).slice(1);

export function createFollower(options: FollowerOptions): Follower {
  const { store, nodes, stats, name, copy, question, graceMs, mayRevive } = options;
  let { fence, writer } = options;
  let next = 0;
  let write: Write | undefined;
  let hasEnded = false;
  let wake: (() => void) | undefined;
  let isCalled = false;
  let lookedAt = 0;
  /** Since when nothing is known of it. */
  let lostAt: number | undefined;

  function look(): void {
    isCalled = true;
    wake?.();
  }

  const isWriterGone = () => writer === nodes.self || !nodes.isAlive(writer);

  function apply(events: readonly ChatEvent[]): void {
    for (const event of events) {
      if (event.seq < next || hasEnded) continue;
      next = event.seq + 1;
      write?.(event);
      hasEnded = chatEventPolicy.isLast(event);
    }
  }

  /** Reads what the stream has, to its end. */
  async function pull(): Promise<void> {
    for (;;) {
      const stream = streamOf(name, fence);
      const command = ['XRANGE', stream, `(${next}-0`, '+', 'COUNT', String(PAGE)];
      const entries = (await store.send(stream, command)) as [id: string, fields: [name: string, json: string]][];
      for (const [, [, json]] of entries) apply(JSON.parse(json) as ChatEvent[]);
      if (entries.length < PAGE || hasEnded) return;
    }
  }

  /** Where it is now, and that we follow it. */
  async function register(): Promise<void> {
    const args = [store.prefix, nodes.self, question, '0', String(KEEP_MS), copy];
    const [kind, ...where] = (await store.run(OPEN, name, args)) as string[];
    if (kind === 'ELSEWHERE') found(where);
    else lostAt ??= performance.now(); // The store was emptied, and its writer has not come back to it, or all is over.
  }

  function found([now = fence, by = writer]: readonly string[]): void {
    fence = now;
    writer = by;
    lostAt = undefined;
  }

  async function take(): Promise<FollowEnd | undefined> {
    const left = String(PLACES_LEFT_OUT);
    const args = mayRevive
      ? [store.prefix, nodes.self, fence, left, String(KEEP_MS), copy]
      : [store.prefix, nodes.self, fence, left, String(graceMs), copy, WRITER_GONE_JSON];
    const [kind, ...rest] = (await store.run(TAKE, name, args)) as string[];
    if (kind === 'ABSENT') lostAt ??= performance.now();
    else found([rest[0] ?? fence, kind === 'TAKEN' ? nodes.self : (rest[1] ?? writer)]);
    if (kind === 'TAKEN') stats.taken++;
    if (kind !== 'TAKEN' || !mayRevive) return undefined;
    await pull(); // All that was told by the other.
    return { kind: 'TAKEN', fence, from: Number(rest[1]) };
  }

  /** One look at it. */
  async function step(): Promise<FollowEnd | undefined> {
    if (!store.isUp) {
      lostAt ??= performance.now();
    } else {
      if (lostAt !== undefined) await register();
      await pull();
      if (hasEnded) return { kind: 'ENDED' };
      const [kind, ...where] = (await store.run(WHERE, name, [store.prefix])) as string[];
      const before = fence;
      if (kind === 'ELSEWHERE') found(where);
      else lostAt ??= performance.now();
      if (fence !== before) isCalled = true;
      else if (kind === 'ELSEWHERE' && isWriterGone()) {
        await nodes.look(); // It may have come since the last look.
        const taken = isWriterGone() ? await take() : undefined;
        if (taken) return taken;
        isCalled = true;
      }
    }
    if (lostAt !== undefined && performance.now() - lostAt > (store.isUp ? LOST_MS : PATIENCE_MS)) {
      apply([{ ...WRITER_GONE, seq: next + PLACES_LEFT_OUT }]);
      return { kind: 'ENDED' };
    }
    return undefined;
  }

  /** It was just taken, for nobody any more: all others would wait for this node to go on. */
  function disown(): void {
    store.run(DISOWN, name, [store.prefix, nodes.self]).catch(() => {});
  }

  return {
    look,
    onForgotten() {
      lostAt ??= performance.now();
      look();
    },
    lookAfter() {
      const isSilent = performance.now() - lookedAt > SILENCE_MS;
      if (lostAt !== undefined || !store.isUp || isSilent || isWriterGone()) look();
    },
    onReached(place) {
      if (place > next) look();
    },
    onEvents(given, place, json) {
      if (given === fence && place <= next) apply(JSON.parse(json) as ChatEvent[]);
      else look();
      if (hasEnded) wake?.();
    },
    async follow(signal, given) {
      write = given;
      signal.addEventListener('abort', look, { once: true });
      try {
        for (;;) {
          isCalled = false;
          lookedAt = performance.now();
          const end = hasEnded ? ({ kind: 'ENDED' } as const) : await step().catch(() => undefined);
          if (signal.aborted) {
            const { reason } = signal;
            if (writer === nodes.self) disown();
            else void leave(store, name, copy, reason instanceof ClientGone ? reason.kind : 'LOST');
            return { kind: 'ENDED' };
          }
          if (end) return end;
          await new Promise<void>((resolve) => {
            wake = resolve;
            if (isCalled || hasEnded) resolve();
          });
          wake = undefined;
        }
      } finally {
        signal.removeEventListener('abort', look);
      }
    },
  };
}
