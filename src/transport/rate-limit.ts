import { LRUCache } from 'lru-cache';
import { type Refusal, rateLimited } from './refusal.ts';

/** Counts one operation of this owner, or of this address where owners have no names. */
export type CountOperation = (owner: string, address: string | undefined) => Refusal | undefined;

const MINUTE_MS = 60_000;
/** Of so many callers the counts are kept; those who have been silent the longest are forgotten first. */
const MAX_CALLERS = 100_000;

/** @param limit how many there may be now, from a caller's first operation on; 0: no limit */
export function createRateLimit(limit: () => number): CountOperation {
  const counts = new LRUCache<string, { operations: number }>({ max: MAX_CALLERS, ttl: MINUTE_MS });
  return (owner, address = '') => {
    const perMinute = limit();
    if (perMinute === 0) return undefined;
    const caller = owner || networkOf(address);
    const count = counts.get(caller) ?? { operations: 0 };
    if (count.operations === 0) counts.set(caller, count);
    count.operations++;
    if (count.operations <= perMinute) return undefined;
    const retryAfter = Math.max(1, Math.ceil(counts.getRemainingTTL(caller) / 1000));
    return rateLimited(`More than ${perMinute} operations within a minute`, { status: 429, retryAfter });
  };
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
