import type { ClusterStats } from '../gateway/cluster-stats.ts';
import { BEAT } from './scripts.ts';
import type { Store } from './store.ts';

/** Which nodes live. Each says so again and again, and is dead once it has not for a while. */
export interface Nodes {
  /** The name of this one, which no other process ever has. */
  readonly self: string;
  /** Where that cannot be known, it does. */
  isAlive(node: string): boolean;
  /** Those that live; undefined where that cannot be known. */
  readonly living: ReadonlySet<string> | undefined;
  /** Whether the others know that this one lives. A process that was asleep finds that they do not. */
  readonly isKnown: boolean;
  /** One of its own beats has come back to it. */
  onBeat(): void;
  /** Called where it was taken for dead, as it was asleep, or the store was emptied: what it has said may not count any more. */
  onForgotten(listener: () => void): void;
  /** Says that this one lives, and looks who else does: whoever has said so before this is known then. */
  look(): Promise<void>;
  /** Called after each look at who lives. */
  onLook(listener: () => void): void;
  close(): Promise<void>;
}

/** A node that says nothing for as long is dead. */
export const LEASE_MS = 2_000;
export const BEAT_MS = 500;
/** A node that hears none of as many of its beats, though they arrive, has lost the connection by which it hears. */
const MAX_UNHEARD = 4;

export function createNodes(self: string, store: Store, stats: ClusterStats): Nodes {
  const listeners = new Set<() => void>();
  const forgottenListeners = new Set<() => void>();
  const key = `${store.prefix}:nodes`;
  let alive: ReadonlySet<string> = new Set();
  /** When it was last sent that this one lives, of what has arrived. */
  let knownSince = Number.NEGATIVE_INFINITY;
  /** From when on those who are not there have had the time to say that they are. */
  let judgesFrom = Number.POSITIVE_INFINITY;
  let beating: Promise<void> | undefined;
  /** The beats that arrived since one came back. */
  let unheard = 0;

  const isKnown = () => performance.now() - knownSince < LEASE_MS;
  const mayJudge = () => performance.now() >= judgesFrom && isKnown();

  /** Whoever was away does not know who else was: they all have the time to say so first. */
  function giveTime(): void {
    judgesFrom = performance.now() + LEASE_MS + BEAT_MS;
  }

  function beat(): Promise<void> {
    beating ??= beatNow().finally(() => {
      beating = undefined;
    });
    return beating;
  }

  async function beatNow(): Promise<void> {
    if (!store.isUp) return;
    const sentAt = performance.now();
    const giveUp = setTimeout(store.giveUp, LEASE_MS - BEAT_MS);
    try {
      const [added, ...living] = (await store.run(BEAT, key, [store.prefix, self, String(LEASE_MS)])) as string[];
      const isForgotten = added === '1' || !isKnown();
      if (isForgotten) giveTime();
      knownSince = sentAt;
      alive = new Set(living);
      if (isForgotten) for (const listener of forgottenListeners) listener();
      stats.nodes = alive.size;
      for (const listener of listeners) listener();
      if (++unheard > MAX_UNHEARD) store.giveUp();
    } catch {
      // It is not there: the next beat tells.
    } finally {
      clearTimeout(giveUp);
    }
  }

  const timer = setInterval(beat, BEAT_MS);
  store.onChange((isUp) => {
    if (!isUp) return;
    unheard = 0;
    giveTime(); // It may have come back empty.
    void beat();
  });
  return {
    self,
    isAlive: (node) => alive.has(node) || !mayJudge(),
    get living() {
      return mayJudge() ? alive : undefined;
    },
    get isKnown() {
      return isKnown();
    },
    onBeat() {
      unheard = 0;
    },
    onForgotten: (listener) => void forgottenListeners.add(listener),
    async look() {
      await beating;
      await beat();
    },
    onLook: (listener) => void listeners.add(listener),
    async close() {
      clearInterval(timer);
      await store.send(key, ['ZREM', key, self]).catch(() => {}); // Then the others find out by themselves.
    },
  };
}
