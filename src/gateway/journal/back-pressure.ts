/** Back pressure: whoever writes waits here while there is too much that nobody has read. */
export interface Room {
  /** Undefined while there is room; otherwise resolves once there is. */
  wait(): Promise<void> | undefined;
  /** Something has been read, or a reader has gone. */
  settle(): void;
  /** From now on there is room. */
  release(): void;
}

export function createRoom(isFull: () => boolean): Room {
  let isReleased = false;
  let makeRoom: (() => void) | undefined;

  return {
    wait() {
      if (isReleased || !isFull()) return undefined;
      return new Promise((resolve) => {
        makeRoom = resolve;
      });
    },
    settle() {
      if (makeRoom && !isFull()) makeRoom();
    },
    release() {
      isReleased = true;
      makeRoom?.();
    },
  };
}
