import type { EventPolicy, Sequenced } from './event-policy.ts';

/**
 * The events of a journal that are left, each at the place that its `seq` names; where places were left out, the event
 * behind them stands for each of these. It is a class, and a reader is one, for
 * speed: every token asks it several times, and an object literal with getters has a shape of its own each time.
 */
export class Log<E extends Sequenced> {
  readonly #policy: EventPolicy<E>;
  #events: E[] = [];
  /** How much had been written before each of the events was, those that were dropped counted. */
  #before: number[] = [];
  #written = 0;
  #first = 0;
  #end = 0;
  #isClosed = false;
  /** The places that were left out: nearly always none. */
  #gaps: { readonly from: number; readonly size: number }[] = [];

  constructor(policy: EventPolicy<E>) {
    this.#policy = policy;
  }

  /** The `seq` of the first event that is left. */
  get first(): number {
    return this.#first;
  }

  /** The `seq` of the next event to come. */
  get end(): number {
    return this.#end;
  }

  /** Nothing is to come. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** The last event closes it. */
  append(event: E): void {
    if (event.seq > this.#end) {
      this.#gaps.push({ from: this.#end, size: event.seq - this.#end });
      this.#end = event.seq;
    }
    this.#events.push(event);
    this.#before.push(this.#written);
    this.#written += this.#policy.sizeOf(event);
    this.#end++;
    this.#isClosed ||= this.#policy.isLast(event);
  }

  close(): void {
    this.#isClosed = true;
  }

  at(seq: number): E | undefined {
    return this.#events[this.#indexOf(seq)];
  }

  slice(from: number, to: number): E[] {
    return this.#events.slice(this.#indexOf(from), this.#indexOf(to));
  }

  /** How much was written from this place on. */
  sizeFrom(seq: number): number {
    return this.#written - (this.#before[this.#indexOf(seq)] ?? this.#written);
  }

  /** Forgets what is before this place, now or a little later. */
  dropBefore(seq: number): void {
    const count = this.#indexOf(seq);
    if (count < this.#events.length / 2) return; // Not each time: the rest has to move.
    this.#events = this.#events.slice(count);
    this.#before = this.#before.slice(count);
    this.#first = seq;
  }

  #indexOf(seq: number): number {
    if (this.#gaps.length === 0) return seq - this.#first;
    return seq - this.#leftOutBefore(seq) - (this.#first - this.#leftOutBefore(this.#first));
  }

  #leftOutBefore(seq: number): number {
    return this.#gaps.reduce((sum, { from, size }) => sum + Math.min(Math.max(seq - from, 0), size), 0);
  }
}
