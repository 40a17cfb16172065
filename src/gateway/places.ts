/** Places for those who seek one: as many are held at a time as there may be. */
export interface Places {
  /** Those that are held here. */
  readonly held: number;
  /** Takes one, where it can be told at once that there is one. */
  tryTake(): boolean;
  /** Others seek now, or other places are there: whoever can have one gets it. */
  seek(): void;
  giveBack(): void;
}

/** Who seek places. */
export interface Seekers {
  /** How many places there are; null: one for everybody. */
  limit(): number | null;
  /** Whether they are those of all nodes of a cluster together, where there is one. */
  isShared(): boolean;
  /** Whether those who find none wait for one. */
  mayWait(): boolean;
  /** How many seek one. All of them are answered by the next call of `give`. */
  wanted(): number;
  /** So many get one. Returns how many took theirs: some may have left meanwhile. */
  give(places: number): number;
}

/** Makes places. `name` is the same in all processes that share them. */
export type OpenPlaces = (name: string, seekers: Seekers) => Places;

export interface LocalPlaces extends Places {
  /** Gives so many that were had elsewhere. Returns how many were taken. */
  admit(places: number): number;
  /** Gives one back that is not for who seeks one here. */
  release(): void;
}

/** The places of this process alone. */
export function createPlaces({ limit, wanted, give }: Seekers): LocalPlaces {
  let held = 0;

  const free = () => (limit() ?? Number.POSITIVE_INFINITY) - held;

  function admit(places: number) {
    const taken = give(places);
    held += taken;
    return taken;
  }

  function seek() {
    admit(Math.max(0, Math.min(wanted(), free())));
  }

  function release() {
    held--;
  }

  return {
    get held() {
      return held;
    },
    tryTake() {
      if (free() < 1) return false;
      held++;
      return true;
    },
    seek,
    giveBack() {
      release();
      seek();
    },
    admit,
    release,
  };
}
