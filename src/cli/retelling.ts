/** Text that is told in pieces, and after a lost connection again from its beginning. */
export interface Retelling {
  readonly text: string;
  /** What comes is told from the beginning. */
  begin(): void;
  add(piece: string): void;
}

interface Page {
  write(text: string): void;
  /** What was written does not stand any more: another text begins. */
  startOver(): void;
}

/** Writes on, where nothing can be erased: each text once, however often it is told. */
export function createRetelling({ write, startOver }: Page): Retelling {
  let written = '';
  /** What was told of it this time; null as soon as that is more than is written. */
  let retold: string | null = null;

  function catchUp(told: string) {
    if (written.startsWith(told)) return;
    if (!told.startsWith(written)) {
      startOver();
      written = '';
    }
    write(told.slice(written.length));
    written = told;
    retold = null;
  }

  return {
    get text() {
      return retold ?? written;
    },
    begin() {
      if (written !== '') retold = '';
    },
    add(piece) {
      if (retold === null) {
        written += piece;
        write(piece);
      } else {
        retold += piece;
        catchUp(retold);
      }
    },
  };
}
