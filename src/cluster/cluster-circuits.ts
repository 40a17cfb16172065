import type { CircuitNews, OtherCallers } from '../gateway/provider-access.ts';
import { OPEN_CIRCUITS, TELL_CIRCUIT } from './limit-scripts.ts';
import type { Nodes } from './nodes.ts';
import type { Store } from './store.ts';

/** The circuits that open and close on any node. */
export interface ClusterCircuits extends Pick<OtherCallers, 'tell' | 'listen'> {
  /** What a node has told everyone. */
  receive(message: string): void;
}

export function createClusterCircuits(store: Store, { self }: Nodes, channel: string): ClusterCircuits {
  const key = `${store.prefix}:circuits`;
  /** What the store does not know yet of each circuit. */
  const untold = new Map<string, CircuitNews>();
  let hear: (news: CircuitNews) => void = () => {};

  async function send(name: string, news: CircuitNews): Promise<void> {
    const { state } = news;
    const dueInMs = state ? Math.max(1, state.retryAt.getTime() - Date.now()) : 0;
    try {
      await store.run(TELL_CIRCUIT, key, [channel, self, name, String(dueInMs), String(state?.pauseMs ?? 0)]);
      if (untold.get(name) === news) untold.delete(name);
    } catch {
      // It is told again when the store is there.
    }
  }

  function hearOf(name: string, dueInMs: string, pauseMs: string): void {
    const [provider = '', model = null] = JSON.parse(name) as [string, string | null];
    const retryAt = new Date(Date.now() + Number(dueInMs));
    hear({ provider, model, state: dueInMs === '0' ? null : { retryAt, pauseMs: Number(pauseMs) } });
  }

  async function catchUp(): Promise<void> {
    for (const [name, news] of untold) void send(name, news);
    const open = (await store.run(OPEN_CIRCUITS, key, []).catch(() => [])) as string[];
    for (let at = 0; at + 2 < open.length; at += 3) hearOf(open[at] ?? '', open[at + 1] ?? '', open[at + 2] ?? '');
  }

  store.onChange((isUp) => void (isUp && catchUp()));
  return {
    tell(news) {
      const name = JSON.stringify([news.provider, news.model]);
      untold.set(name, news);
      void send(name, news);
    },
    listen(listener) {
      hear = listener;
    },
    receive(message) {
      const [, node, name = '', dueInMs = '', pauseMs = ''] = message.split('\n');
      if (node === self) return;
      hearOf(name, dueInMs, pauseMs);
    },
  };
}
