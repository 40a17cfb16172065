/** GraphQL's Int holds no more. */
const MAX_COUNT = 2 ** 31 - 1;

/** What an upstream counted; null for what is no count. */
export function toCount(told: unknown): number | null {
  return typeof told === 'number' && Number.isInteger(told) && told >= 0 && told <= MAX_COUNT ? told : null;
}

/** The most that an upstream says there may be. Some say 0, or 10^30, where they know of no bound: that is null. */
export function toBound(told: unknown): number | null {
  return toCount(told) || null;
}
