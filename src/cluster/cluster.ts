import { randomUUID } from 'node:crypto';
import { hostname } from 'node:os';
import type { Logger } from 'pino';
import type { Cluster as ClusterConfig } from '../config/cluster.ts';
import { type ClusterStats, createClusterStats } from '../gateway/cluster-stats.ts';
import { type ClusterChats, createClusterChats } from './cluster-chats.ts';
import { createNodes } from './nodes.ts';
import { createStore } from './store.ts';

/** The other nodes, as far as this one has to do with them. */
export interface Cluster {
  readonly chats: ClusterChats;
  readonly stats: ClusterStats;
  /** Why this node is not ready; undefined when it is. */
  readonly problem: string | undefined;
  /** Lets the chats that run here end, ends the others after `graceMs`, and leaves. */
  close(graceMs: number): Promise<void>;
}

export function joinCluster(config: ClusterConfig, log: Logger): Cluster {
  const self = `${config.nodeId ?? hostname()}-${randomUUID().slice(0, 8)}`;
  const channel = `${config.prefix}:node:${self}`;
  const stats = createClusterStats();
  const store = createStore({ ...config, log, stats, channel, onMessage: (message) => chats.receive(message) });
  const nodes = createNodes(self, store, stats);
  const chats = createClusterChats(store, nodes, stats);
  return {
    chats,
    stats,
    get problem() {
      return store.isUp ? undefined : 'the store of the cluster cannot be reached';
    },
    async close(graceMs) {
      await chats.close(graceMs);
      await nodes.close();
      store.close();
    },
  };
}
