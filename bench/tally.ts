import { microseconds } from './numbers.ts';
import { ARGUMENTS, CONTENT_LENGTH, type Script } from './scenarios.ts';

/** What the client counts over all streams of one run. */
export interface Totals {
  deltas: number;
  /** Answers that came to their end with every character. */
  complete: number;
  errors: number;
  /** Milliseconds from the request to the first text. */
  firstMs: number[];
  /** Milliseconds from the upstream's write to the client's read; of a merged delta, that of its oldest part. */
  latencyMs: number[];
  /** By how many milliseconds two deltas of a stream that follow each other are further apart, or less, than the script has them. */
  jitterMs: number[];
}

interface TallyOptions {
  /** What comes before the text in everything that is sent. */
  readonly marker: string;
  readonly script: Script;
  readonly onFirst: () => void;
}

/** Counts one stream. It looks for the text only, as parsing would cost the client more than the server. */
export class Tally {
  readonly #totals: Totals;
  readonly #options: TallyOptions;
  readonly #startedAt = microseconds();
  #lastAt = 0;
  /** Whether the last delta came at the stream's place in the period; the first one comes at once. */
  #isInStep = false;
  #rest = '';
  #length = 0;
  #ended = false;

  constructor(totals: Totals, options: TallyOptions) {
    this.#totals = totals;
    this.#options = options;
  }

  /** Any piece of what comes, cut anywhere. */
  take(piece: string): void {
    const { marker } = this.#options;
    const text = this.#rest + piece;
    const now = microseconds();
    let at = 0;
    for (;;) {
      const found = text.indexOf(marker, at);
      const from = found + marker.length;
      const to = found < 0 ? -1 : endOf(text, from);
      if (to < 0) {
        this.#rest = text.slice(found < 0 ? Math.max(at, text.length - marker.length + 1) : found);
        return;
      }
      this.#count(text.slice(from, to), now);
      at = to;
    }
  }

  #count(delta: string, now: number): void {
    if (delta === '') return; // Some say so with the finish reason.
    const { onFirst, script } = this.#options;
    if (this.#length === 0) {
      this.#totals.firstMs.push((now - this.#startedAt) / 1000);
      onFirst();
    } else if (this.#isInStep) {
      this.#totals.jitterMs.push(Math.abs((now - this.#lastAt) / 1000 - script.everyMs));
    } else {
      this.#isInStep = true;
    }
    this.#length += delta.length;
    this.#lastAt = now;
    this.#totals.deltas++;
    const [sentAt] = TIME.exec(delta) ?? []; // None in what is around the times of a call.
    if (sentAt !== undefined) this.#totals.latencyMs.push((now - Number(sentAt)) / 1000);
  }

  /** Open, and not silent for longer than the script has it, twice over. */
  get isAlive(): boolean {
    return !this.#ended && microseconds() - this.#lastAt < 2000 * this.#options.script.everyMs;
  }

  /** The client wants no more. */
  leave(): void {
    this.#ended = true;
  }

  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    if (this.#length === lengthOf(this.#options.script)) this.#totals.complete++;
    else this.#totals.errors++;
  }
}

const TIME = /\d{13}/;

/** Where a string of JSON ends. */
function endOf(text: string, from: number): number {
  let end = text.indexOf('"', from);
  while (end > 0 && text[end - 1] === '\\') end = text.indexOf('"', end + 1);
  return end;
}

/** Of all that comes as text, as it stands in JSON. */
function lengthOf({ chunks, length = CONTENT_LENGTH, calls }: Script): number {
  if (!calls) return chunks * length;
  const { head, between, tail } = ARGUMENTS;
  return chunks * (CONTENT_LENGTH - 1 + between.length) + calls * (head.length + tail.length);
}
