import { RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { type Script, script } from './scripts.ts';
import type { Store } from './store.ts';

/**
 * Counts the operations of a caller over all nodes, in windows of a minute that begin with the first of them. Undefined
 * where the store is away; otherwise how long a caller with one too many has to wait, or undefined.
 * @throws where the store does not answer
 */
export type CountInCluster = (
  caller: string,
  perMinute: number,
) => Promise<{ readonly waitMs: number } | undefined> | undefined;

const MINUTE_S = 60;

export function createRateCounter(store: Store): CountInCluster {
  let known: Script | undefined;
  let limiter: RateLimiterRedis | undefined;

  /** All that the limiter wants of a client of Redis. */
  function evaluate(text: string, { keys: [key = ''], arguments: args }: Evaluation): Promise<unknown> {
    if (known?.text !== text) known = script(text);
    return store.run(known, key, args);
  }

  function limiterOf(perMinute: number): RateLimiterRedis {
    if (limiter?.points === perMinute) return limiter;
    limiter = new RateLimiterRedis({
      storeClient: { eval: evaluate },
      useRedisPackage: true,
      keyPrefix: `${store.prefix}:rate`,
      points: perMinute,
      duration: MINUTE_S,
      inMemoryBlockOnConsumed: perMinute, // Who goes on and on is refused without the store.
    });
    return limiter;
  }

  return (caller, perMinute) => {
    if (!store.isUp) return undefined;
    return limiterOf(perMinute)
      .consume(caller)
      .then(
        () => undefined,
        (reason: unknown) => {
          if (reason instanceof RateLimiterRes) return { waitMs: reason.msBeforeNext };
          throw reason;
        },
      );
  };
}

interface Evaluation {
  readonly keys: readonly string[];
  readonly arguments: readonly string[];
}
