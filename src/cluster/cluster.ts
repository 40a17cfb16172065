import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Cluster as ClusterConfig } from '../config/cluster.ts';
import { type ClusterStats, createClusterStats } from '../gateway/cluster-stats.ts';
import type { OtherCallers } from '../gateway/provider-access.ts';
import { type ClusterChats, createClusterChats } from './cluster-chats.ts';
import { createClusterCircuits } from './cluster-circuits.ts';
import { createClusterPlaces } from './cluster-places.ts';
import { createNodes } from './nodes.ts';
import { type CountInCluster, createRateCounter } from './rate-counter.ts';
import { createStore } from './store.ts';

/** The other nodes, as far as this one has to do with them. */
export interface Cluster {
  readonly chats: ClusterChats;
  readonly stats: ClusterStats;
  /** What they have to do with the same upstreams, and the places that are counted over all of them. */
  readonly others: OtherCallers;
  readonly countOperation: CountInCluster;
  /** Why this node is not ready; undefined when it is. */
  readonly problem: string | undefined;
  /**
   * Lets the chats that run here end, ends the others after `graceMs`, and leaves.
   * @param ended resolves when nothing else runs here that has places
   */
  close(graceMs: number, ended: Promise<void>): Promise<void>;
}

/** What a node is told of places that are free begins so. */
const FREE = 'free\n';

export function joinCluster(config: ClusterConfig, log: Logger): Cluster {
  const self = `${config.nodeId ?? hostname()}-${randomUUID().slice(0, 8)}`;
  const stats = createClusterStats();
  const everyone = `${config.prefix}:all`;
  const channels = {
    [`${config.prefix}:node:${self}`]: receive,
    [everyone]: (message: string) => circuits.receive(message),
  };
  const store = createStore({ ...config, log, stats, channels });
  const nodes = createNodes(self, store, stats);
  const chats = createClusterChats(store, nodes, stats);
  const places = createClusterPlaces(store, nodes);
  const circuits = createClusterCircuits(store, nodes, everyone);

  function receive(message: string): void {
    if (message === 'beat') nodes.onBeat();
    else if (message.startsWith(FREE)) places.onFree(message.slice(FREE.length));
    else chats.receive(message);
  }

  return {
    chats,
    stats,
    others: { openPlaces: places.open, tell: circuits.tell, listen: circuits.listen },
    countOperation: createRateCounter(store),
    get problem() {
      if (!store.isUp) return 'the store of the cluster cannot be reached';
      return nodes.isKnown ? undefined : 'the store of the cluster does not take what it is told: it may be full';
    },
    async close(graceMs, ended) {
      await Promise.all([chats.close(graceMs), ended]);
      places.close();
      await nodes.close();
      store.close();
    },
  };
}
