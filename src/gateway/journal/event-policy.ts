/** What a journal keeps: events that tell their place. */
export interface Sequenced {
  readonly seq: number;
}

/** What a journal asks of its events, of which it knows nothing else. It asks for each of them: answers have to be quick. */
export interface EventPolicy<E extends Sequenced> {
  /** As much may wait for the reader that is furthest on, or be merged into one event. In the unit of `sizeOf`. */
  readonly maxWaiting: number;
  /** How much there is to keep and to send of it; what is around it does not count. */
  sizeOf(event: E): number;
  /** Whether the next event can be merged into this one. */
  canMerge(event: E, next: E): boolean;
  /** One event in place of several. It stands at the place of the last of them. */
  merge(first: E, others: readonly E[]): E;
  /** Whether an answer begins with it, so that the next event is not kept for a later turn of the event loop. */
  isFirst(event: E): boolean;
  /** Whether nothing comes after it. */
  isLast(event: E): boolean;
}
