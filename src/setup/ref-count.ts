/** Counts who uses something that is to be let go of when nobody does any more. */
export interface RefCount {
  /** One more uses it, until the function that is returned is called. */
  retain(): () => void;
}

/** @param onUnused called once, as soon as everyone has released it who retained it */
export function createRefCount(onUnused: () => void): RefCount {
  let users = 0;
  return {
    retain() {
      users++;
      let released = false;
      return () => {
        if (released) return;
        released = true;
        if (--users === 0) onUnused();
      };
    },
  };
}
