import type { Writable } from 'node:stream';

/** The way out to one client. */
export interface SocketWriter {
  /** To be called before a write: what is written in this turn goes out in one piece. */
  cork(): void;
  /** Undefined while there is room; otherwise resolves when what was written has gone out, or never can. */
  drained(): Promise<void> | undefined;
}

export function createSocketWriter(stream: Writable): SocketWriter {
  let gathering = false;
  let drained: Promise<void> | undefined;

  function release() {
    gathering = false;
    stream.uncork();
  }

  return {
    cork() {
      if (gathering) return;
      gathering = true;
      stream.cork();
      process.nextTick(release); // After all promises that are settled by now.
    },
    drained() {
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
