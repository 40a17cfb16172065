import { createPlaces, type OpenPlaces, type Places, type Seekers } from '../gateway/places.ts';
import { SHARE } from './limit-scripts.ts';
import { LEASE_MS, type Nodes } from './nodes.ts';
import type { Store } from './store.ts';

/** Places that all nodes share. While the store is away each node has all of them for itself. */
export interface ClusterPlaces {
  readonly open: OpenPlaces;
  /** Places of this name have become free elsewhere. */
  onFree(name: string): void;
  close(): void;
}

/** Places of one name, as this node has them. */
interface SharedPlaces extends Places {
  /** Whether somebody here waits for one. */
  readonly isWaiting: boolean;
}

/** How often it is said anew what is held: more often than the store forgets it. */
const RENEW_MS = 20_000;

export function createClusterPlaces(store: Store, nodes: Nodes): ClusterPlaces {
  /** Those of which this node holds or wants some, as far as the store knows or is to know. */
  const active = new Map<string, SharedPlaces>();
  let lookedAt = 0;

  function seekAll(): void {
    for (const places of active.values()) places.seek();
  }

  /** Who waits is told of places that are given back, but of none whose node has died, nor of what was lost on its way. */
  function look(): void {
    const wasAsleep = performance.now() - lookedAt > LEASE_MS; // Then its places were taken for those of a dead node.
    lookedAt = performance.now();
    for (const places of active.values()) if (wasAsleep || places.isWaiting) places.seek();
  }

  store.onChange(seekAll);
  nodes.onLook(look);
  const timer = setInterval(seekAll, RENEW_MS);

  return {
    open: (name, seekers) => openPlaces(name, seekers, { store, nodes, active }),
    onFree: (name) => active.get(name)?.seek(),
    close: () => clearInterval(timer),
  };
}

interface Around {
  readonly store: Store;
  readonly nodes: Nodes;
  readonly active: Map<string, SharedPlaces>;
}

function openPlaces(name: string, seekers: Seekers, { store, nodes, active }: Around): SharedPlaces {
  const key = `${store.prefix}:places:${name}`;
  /** Counts what is held here, and gives places where this node is alone. */
  const here = createPlaces(seekers);
  let isAsking = false;
  let isAskedAgain = false;
  let isWaiting = false;

  const isShared = () => seekers.isShared() && seekers.limit() !== null;

  async function ask(): Promise<void> {
    isAsking = true;
    do {
      isAskedAgain = false;
      await askOnce();
    } while (isAskedAgain && store.isUp);
    isAsking = false;
    if (isAskedAgain) here.seek();
  }

  /** Says what is held, and asks for what is wanted. Where the answer is lost, the next time mends what the store has. */
  async function askOnce(): Promise<void> {
    const [held, wanted] = isShared() ? [here.held, seekers.wanted()] : [0, 0];
    const mayWait = seekers.mayWait();
    const numbers = [held, wanted, seekers.limit() ?? 0, mayWait ? 1 : 0].map(String);
    const living = nodes.living ?? ['*'];
    try {
      const granted = Number(await store.run(SHARE, key, [store.prefix, nodes.self, name, ...numbers, ...living]));
      isWaiting = mayWait && granted < wanted;
      if (here.admit(granted) < granted) isAskedAgain = true; // Who wanted it has left.
      if (held + granted === 0 && !isWaiting && !isAskedAgain) active.delete(name);
    } catch {
      here.seek();
    }
  }

  const places: SharedPlaces = {
    get held() {
      return here.held;
    },
    get isWaiting() {
      return isWaiting;
    },
    tryTake() {
      if (!isShared()) return here.tryTake();
      active.set(name, places);
      return !store.isUp && here.tryTake();
    },
    seek() {
      if (isShared()) active.set(name, places);
      else here.seek();
      if (!active.has(name)) return;
      if (isAsking) isAskedAgain = true;
      else if (store.isUp) void ask();
      else here.seek();
    },
    giveBack() {
      here.release();
      places.seek();
    },
  };
  return places;
}
