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
  /** Called after each look at who lives. */
  onLook(listener: () => void): void;
  close(): Promise<void>;
}

/** A node that says nothing for as long is dead. */
export const LEASE_MS = 2_000;
export const BEAT_MS = 500;

export function createNodes(self: string, store: Store, stats: ClusterStats): Nodes {
  const listeners = new Set<() => void>();
  const key = `${store.prefix}:nodes`;
  let alive: ReadonlySet<string> = new Set();
  /** When it was last sent that this one lives, of what has arrived. */
  let knownSince = Number.NEGATIVE_INFINITY;
  /** From when on those who are not there have had the time to say that they are. */
  let judgesFrom = Number.POSITIVE_INFINITY;
  let isBeating = false;

  const isKnown = () => performance.now() - knownSince < LEASE_MS;
  const mayJudge = () => performance.now() >= judgesFrom && isKnown();

  /** Whoever was away does not know who else was: they all have the time to say so first. */
  function giveTime(): void {
    judgesFrom = performance.now() + LEASE_MS + BEAT_MS;
  }

  async function beat(): Promise<void> {
    if (!store.isUp || isBeating) return;
    isBeating = true;
    const sentAt = performance.now();
    const giveUp = setTimeout(store.giveUp, LEASE_MS - BEAT_MS);
    try {
      const nodes = await store.run(BEAT, key, [store.prefix, self, String(LEASE_MS)]);
      if (!isKnown()) giveTime();
      knownSince = sentAt;
      alive = new Set(nodes as string[]);
      stats.nodes = alive.size;
      for (const listener of listeners) listener();
    } catch {
      // It is not there: the next beat tells.
    } finally {
      clearTimeout(giveUp);
      isBeating = false;
    }
  }

  const timer = setInterval(beat, BEAT_MS);
  store.onChange((isUp) => {
    if (!isUp) return;
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
    onLook: (listener) => void listeners.add(listener),
    async close() {
      clearInterval(timer);
      await store.send(key, ['ZREM', key, self]).catch(() => {}); // Then the others find out by themselves.
    },
  };
}
