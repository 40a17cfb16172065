import { microseconds } from './numbers.ts';
import { CONTENT_LENGTH } from './scenarios.ts';

/** What the client counts over all streams of one run. */
export interface Totals {
  deltas: number;
  /** Answers that came to their end with every character. */
  complete: number;
  errors: number;
  /** Milliseconds from the request to the first text. */
  readonly firstMs: number[];
  /** Milliseconds from the upstream's write to the client's read; of a merged delta, that of its oldest part. */
  readonly latencyMs: number[];
}

/** Counts one stream. It looks for the text only, as parsing would cost the client more than the server. */
export class Tally {
  readonly #totals: Totals;
  readonly #marker: string;
  readonly #expected: number;
  readonly #startedAt = microseconds();
  readonly #onFirst: () => void;
  #rest = '';
  #length = 0;
  #ended = false;

  constructor(totals: Totals, { marker, chunks, onFirst }: { marker: string; chunks: number; onFirst: () => void }) {
    this.#totals = totals;
    this.#marker = marker;
    this.#expected = chunks * CONTENT_LENGTH;
    this.#onFirst = onFirst;
  }

  /** Any piece of what comes, cut anywhere. */
  take(piece: string): void {
    const text = this.#rest + piece;
    const now = microseconds();
    let at = 0;
    for (;;) {
      const found = text.indexOf(this.#marker, at);
      const from = found + this.#marker.length;
      const to = found < 0 ? -1 : text.indexOf('"', from);
      if (to < 0) {
        this.#rest = text.slice(found < 0 ? Math.max(at, text.length - this.#marker.length + 1) : found);
        return;
      }
      this.#count(text.slice(from, to), now);
      at = to;
    }
  }

  #count(delta: string, now: number): void {
    if (delta === '') return; // Some say so with the finish reason.
    if (this.#length === 0) {
      this.#totals.firstMs.push((now - this.#startedAt) / 1000);
      this.#onFirst();
    }
    this.#length += delta.length;
    this.#totals.deltas++;
    this.#totals.latencyMs.push((now - Number(delta.slice(0, CONTENT_LENGTH))) / 1000);
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#length === this.#expected) this.#totals.complete++;
    else this.#totals.errors++;
  }
}
