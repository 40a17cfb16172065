import type { Writable } from 'node:stream';

/** The way out to one client. */
export interface Outlet {
  /** To be called before a write: what is written in this turn goes out in one piece. */
  gather(): void;
  /** Undefined while there is room; otherwise resolves when what was written has gone out, or never can. */
  room(): Promise<void> | undefined;
}

export function createOutlet(stream: Writable): Outlet {
  let gathering = false;
  let drained: Promise<void> | undefined;

  function release() {
    gathering = false;
    stream.uncork();
  }

  return {
    gather() {
      if (gathering) return;
      gathering = true;
      stream.cork();
      process.nextTick(release); // After all promises that are settled by now.
    },
    room() {
      if (!stream.writableNeedDrain || stream.destroyed) return undefined;
      drained ??= new Promise((resolve) => {
        function settle() {
          drained = undefined;
          stream.off('drain', settle).off('close', settle);
          resolve();
        }
        stream.on('drain', settle).on('close', settle);
      });
      return drained;
    },
  };
}
