/** What a node has to do with the others, as plain numbers. Whoever wants to know reads them when it likes. */
export interface ClusterStats {
  /** Whether the store is there. */
  isStoreUp: boolean;
  /** Nodes that live, this one among them. */
  nodes: number;
  /** Chats that are written here. */
  written: number;
  /** Chats that are written elsewhere and read here. */
  followed: number;
  /** Entries that were sent to the store, and how many characters they had. */
  published: number;
  publishedCharacters: number;
  /** Chats of nodes that had died, which this one closed or began anew. */
  taken: number;
  /** Chats of this node that another one has taken. */
  lost: number;
  /** How often the store was lost. */
  storeLosses: number;
}

export function createClusterStats(): ClusterStats {
  return {
    isStoreUp: false,
    nodes: 0,
    written: 0,
    followed: 0,
    published: 0,
    publishedCharacters: 0,
    taken: 0,
    lost: 0,
    storeLosses: 0,
  };
}
