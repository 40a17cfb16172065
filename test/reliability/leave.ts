import { expect } from 'vitest';
import { startServer } from '../helpers/server.ts';

/** A server with these providers, and how many of its operations are over, but for queries. */
export async function startLeft(providers: object, limits: object = {}) {
  const server = await startServer({ config: { providers, limits } });
  const operations = () =>
    server.log.filter(({ msg, operation }) => msg === 'operation' && !String(operation).startsWith('query')).length;
  return { server, operations };
}

/** The time until the operation is over and what it held at the upstream is let go. */
export async function leave(leave: () => void, operations: () => number, isFree: () => boolean): Promise<number> {
  const left = performance.now();
  const ended = operations() + 1;
  leave();
  await expect.poll(() => operations() === ended && isFree(), { interval: 1 }).toBe(true);
  return performance.now() - left;
}
