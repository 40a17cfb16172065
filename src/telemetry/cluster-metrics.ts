import type { ClusterStats } from '../gateway/cluster-stats.ts';
import { only, type Readings } from './readings.ts';

/** What a node has to do with the others. @returns what reads it anew */
export function createClusterMetrics({ gauge, counter }: Readings, stats: Readonly<ClusterStats>): () => void {
  const store = gauge('modelql_cluster_store_up', 'Whether the store that all nodes share is there.');
  const nodes = gauge('modelql_cluster_nodes', 'Nodes that live, this one among them.');
  const chats = gauge('modelql_cluster_chats', 'Chats that are written here, or written elsewhere and followed here.', [
    'role',
  ]);
  const published = counter('modelql_cluster_entries_total', 'Entries that were sent to the store.');
  const characters = counter('modelql_cluster_entry_characters_total', 'How long they were, in UTF-16 code units.');
  const taken = counter('modelql_cluster_chats_taken_total', 'Chats of dead nodes that this one closed or began anew.');
  const lost = counter('modelql_cluster_chats_lost_total', 'Chats of this node that another one has taken.');
  const losses = counter('modelql_cluster_store_losses_total', 'How often the store was lost.');

  return () => {
    store(only(stats.isStoreUp ? 1 : 0));
    nodes(only(stats.nodes));
    chats([
      [{ role: 'writer' }, stats.written],
      [{ role: 'follower' }, stats.followed],
    ]);
    published(only(stats.published));
    characters(only(stats.publishedCharacters));
    taken(only(stats.taken));
    lost(only(stats.lost));
    losses(only(stats.storeLosses));
  };
}
