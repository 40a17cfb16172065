import type { EventPolicy, Sequenced } from './event-policy.ts';
import type { Log } from './log.ts';
import { mergeWaiting } from './merge-for-late-reader.ts';
import { onNextTurn } from './next-turn.ts';

/** One way through a journal, at its own pace: what waits and can be merged comes as one event. */
export interface Reader<E extends Sequenced> {
  /** At most one event a turn of the event loop, but for the first and the last, which come together with others. */
  next(): Promise<IteratorResult<E, void>>;
  /** The place of the next event that nobody asks for, though it is there; undefined if there is none. */
  readonly stalledAt: number | undefined;
  leave(): void;
}

export interface ReaderOptions<E extends Sequenced> {
  readonly log: Log<E>;
  readonly policy: EventPolicy<E>;
  /** The place of the first event that it gets. */
  readonly from: number;
  /**
   * Called with each event as it goes out, when the reader stands behind it.
   * @param merged how many of those behind it are in it
   */
  onTake(event: E, merged: number): void;
  /** There is nothing more to read. */
  readonly onEnd: (() => void) | undefined;
  onLeave(): void;
}

/** A reader as its journal knows it. */
export class OpenReader<E extends Sequenced> implements Reader<E> {
  readonly #options: ReaderOptions<E>;
  #seq: number;
  #asked: ((result: IteratorResult<E, void>) => void) | undefined;
  #isCalled = false;
  /** Whether the last event was one that others follow at once. */
  #hasStarted = false;
  #hasLeft = false;

  constructor(options: ReaderOptions<E>) {
    this.#options = options;
    this.#seq = options.from;
  }

  /** The place of the event that it gets next. */
  get seq(): number {
    return this.#seq;
  }

  next(): Promise<IteratorResult<E, void>> {
    return new Promise((resolve) => this.#ask(resolve));
  }

  get stalledAt(): number | undefined {
    return this.#asked === undefined && this.#seq < this.#options.log.end ? this.#seq : undefined;
  }

  /** There is more, or the end. */
  wake(): void {
    if (this.#isCalled || !this.#asked) return;
    this.#isCalled = true;
    onNextTurn(this.#serve);
  }

  leave(): void {
    this.#hasLeft = true;
    this.#options.onLeave();
    this.#answer(DONE);
  }

  #ask(resolve: (result: IteratorResult<E, void>) => void): void {
    const { log } = this.#options;
    this.#asked = resolve;
    if (this.#hasLeft) this.#finish();
    else if (this.#seq >= log.end - 1 && log.isClosed)
      this.#serve(); // Nothing can be merged with the last event, or with the end.
    else if (this.#seq < log.end && this.#hasStarted) this.#serve();
    else if (this.#seq < log.end) this.wake();
  }

  readonly #serve = (): void => {
    this.#isCalled = false;
    if (!this.#asked) return;
    const { log, policy } = this.#options;
    const event = mergeWaiting(log, this.#seq, policy) ?? this.#endBefore();
    if (event) this.#take(event);
    else if (log.isClosed) this.#finish();
  };

  /** The end, for one that says that it has heard more than there is: of a copy, that is not known before. */
  #endBefore(): E | undefined {
    const { log, policy } = this.#options;
    const last = log.isClosed && this.#seq > log.end ? log.at(log.end - 1) : undefined;
    return last && policy.isLast(last) ? last : undefined;
  }

  #take(event: E): void {
    const { policy, onTake } = this.#options;
    const merged = event.seq - this.#seq;
    this.#seq = event.seq + 1;
    this.#hasStarted = policy.isFirst(event);
    onTake(event, merged);
    this.#answer({ done: false, value: event });
  }

  #finish(): void {
    this.#answer(DONE);
    this.#options.onEnd?.();
  }

  #answer(result: IteratorResult<E, void>): void {
    this.#asked?.(result);
    this.#asked = undefined;
  }
}

const DONE: IteratorReturnResult<void> = { done: true, value: undefined };
