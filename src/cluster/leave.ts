import type { ClientGone } from '../gateway/caller.ts';
import { LEAVE } from './scripts.ts';
import type { Store } from './store.ts';

const AGAIN_MS = 1_000;

/** A chat's writer has to hear that a copy goes, or it would wait for it: that is tried until the store is there. */
export async function leave(store: Store, name: string, copy: string, kind: ClientGone['kind']): Promise<void> {
  try {
    await store.run(LEAVE, name, [store.prefix, copy, kind]);
  } catch {
    setTimeout(leave, AGAIN_MS, store, name, copy, kind).unref();
  }
}
