import type { EventPolicy, Sequenced } from './event-policy.ts';
import type { Log } from './log.ts';

/**
 * The event at a place, merged with as many of those behind it as can be. Whoever is behind gets what has come meanwhile
 * in few large events: each of them costs the same, from here to the client's screen, however large it is.
 */
export function mergeWaiting<E extends Sequenced>(
  log: Log<E>,
  seq: number,
  { maxWaiting, sizeOf, canMerge, merge }: EventPolicy<E>,
): E | undefined {
  const event = log.at(seq);
  if (event === undefined) return undefined;
  let size = sizeOf(event);
  let end = seq + 1;
  for (let next = log.at(end); next !== undefined && size < maxWaiting && canMerge(event, next); next = log.at(++end)) {
    size += sizeOf(next);
  }
  return end === seq + 1 ? event : merge(event, log.slice(seq + 1, end));
}
