import { LRUCache } from 'lru-cache';
import { type Refusal, rateLimited } from './refusal.ts';

/**
 * Counts one operation of this owner, or of this address where owners have no names. It is a promise only where other
 * nodes count too.
 */
export type CountOperation = (
  owner: string,
  address: string | undefined,
) => Refusal | undefined | Promise<Refusal | undefined>;

/**
 * Counts one operation of this caller over several processes: resolves with how long the caller is to wait, or with
 * undefined where that was not one too many. Undefined, or a rejection: this process is to count alone.
 */
export type CountTogether = (
  caller: string,
  perMinute: number,
) => Promise<{ readonly waitMs: number } | undefined> | undefined;

const MINUTE_MS = 60_000;
/** Of so many callers the counts are kept; those who have been silent the longest are forgotten first. */
const MAX_CALLERS = 100_000;

/** @param limit how many there may be now, from a caller's first operation on; 0: no limit */
export function createRateLimit(limit: () => number, countTogether?: CountTogether): CountOperation {
  const counts = new LRUCache<string, { operations: number }>({ max: MAX_CALLERS, ttl: MINUTE_MS });

  function countHere(caller: string, perMinute: number): Refusal | undefined {
    const count = counts.get(caller) ?? { operations: 0 };
    if (count.operations === 0) counts.set(caller, count);
    count.operations++;
    if (count.operations <= perMinute) return undefined;
    return refuse(perMinute, counts.getRemainingTTL(caller));
  }

  return (owner, address = '') => {
    const perMinute = limit();
    if (perMinute === 0) return undefined;
    const caller = owner || networkOf(address);
    const counted = countTogether?.(caller, perMinute);
    if (!counted) return countHere(caller, perMinute);
    return counted.then(
      (tooMany) => tooMany && refuse(perMinute, tooMany.waitMs),
      () => countHere(caller, perMinute),
    );
  };
}

function refuse(perMinute: number, waitMs: number): Refusal {
  const retryAfter = Math.max(1, Math.ceil(waitMs / 1000));
  return rateLimited(`More than ${perMinute} operations within a minute`, { status: 429, retryAfter });
}

/** Who has one address of IPv6 has a whole /64 of them. */
function networkOf(address: string): string {
  const [, mapped] = /^::ffff:([\d.]+)$/i.exec(address) ?? [];
  if (mapped !== undefined || !address.includes(':')) return mapped ?? address;
  const [head = '', tail] = address.split('%', 1)[0]?.split('::') ?? [];
  const groups = head === '' ? [] : head.split(':');
  if (tail !== undefined)
    groups.push(...Array(8 - groups.length - (tail === '' ? 0 : tail.split(':').length)).fill('0'));
  return groups.slice(0, 4).join(':');
}
