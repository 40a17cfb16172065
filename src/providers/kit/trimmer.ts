/** Trims a text that comes in pieces: what `push` returns, joined, is the trimmed whole. */
export interface Trimmer {
  /** What may go out now: no white space that the text might turn out to begin or end with. */
  push(piece: string): string;
}

export function createTrimmer(): Trimmer {
  let begun = false;
  let held = '';
  return {
    push(piece) {
      const end = piece.trimEnd().length;
      if (end === 0) {
        if (begun) held += piece;
        return '';
      }
      const ready = begun ? held + piece.slice(0, end) : piece.trim();
      held = piece.slice(end);
      begun = true;
      return ready;
    },
  };
}
