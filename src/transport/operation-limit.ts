import {
  type ConcurrencyLimit,
  type ConcurrencyOptions,
  createConcurrencyLimit,
} from '../gateway/concurrency-limit.ts';
import type { OpenPlaces } from '../gateway/places.ts';
import { type Refusal, rateLimited, toGraphQLError } from './refusal.ts';
import { countRefusal, type TransportStats } from './transport-stats.ts';

interface StreamLimits {
  readonly maxStreams: number;
  readonly maxStreamsPerConnection: number;
  /** 0: no limit. */
  readonly maxStreamsPerKey: number;
}

interface Entrant {
  /** The name of a key, or none. */
  readonly owner: string;
  /** The operations that run over the same connection already. */
  readonly beside: number;
}

export interface Entered {
  /**
   * Where other nodes have to be asked: resolves when the operation may go on. Without it, it may at once.
   * @throws GraphQLError `RATE_LIMITED`
   */
  readonly admitted?: Promise<void>;
  /** Gives the place back, also one that is still asked for. */
  leave(): void;
}

/** Takes a place for one operation. @throws GraphQLError `RATE_LIMITED` */
export type EnterOperation = (entrant: Entrant) => Entered;

const OWN = { status: 429, retryAfter: 1 } as const;
const OF_KEY = rateLimited('Too many operations of this key run', OWN);
/** The longest that other nodes are waited for. */
const PATIENCE_MS = 5_000;

/**
 * Counts the operations that run, and lets in no more than there may be.
 * @param limits those of now
 * @param openPlaces where those of a key are, if several processes share them
 */
export function createOperationLimit(
  limits: () => StreamLimits,
  stats: TransportStats,
  openPlaces?: OpenPlaces,
): EnterOperation {
  const ofOwner = new Map<string, ConcurrencyLimit>();
  let all = 0;
  /** One who finds no place does not wait. */
  const perKey: ConcurrencyOptions = {
    get maxConcurrent() {
      return limits().maxStreamsPerKey || null;
    },
    shared: true,
    maxQueued: 0,
    queueTimeoutMs: PATIENCE_MS,
  };

  function refuse(refusal: Refusal) {
    countRefusal(stats, 'operations', refusal.code);
    return toGraphQLError(refusal);
  }

  function limitOf(owner: string): ConcurrencyLimit {
    const known = ofOwner.get(owner);
    if (known) return known;
    const limit = createConcurrencyLimit(
      'The key',
      perKey,
      openPlaces && ((seekers) => openPlaces(`key:${owner}`, seekers)),
    );
    ofOwner.set(owner, limit);
    return limit;
  }

  function enterKey(owner: string): Entered {
    const limit = limitOf(owner);
    let leaveKey = limit.tryEnter();
    if (leaveKey) return { leave: leaveKey };
    if (!openPlaces) throw refuse(OF_KEY);
    const left = new AbortController();
    const enter = async () => {
      const leave = await limit.enter(left.signal).catch(() => {
        throw left.signal.aborted ? left.signal.reason : refuse(OF_KEY);
      });
      if (left.signal.aborted) leave();
      else leaveKey = leave;
    };
    return {
      admitted: enter(),
      leave() {
        left.abort();
        leaveKey?.();
      },
    };
  }

  return ({ owner, beside }) => {
    const { maxStreams, maxStreamsPerConnection } = limits();
    if (beside >= maxStreamsPerConnection) {
      throw refuse(rateLimited('Too many operations run over this connection', OWN));
    }
    if (all >= maxStreams) {
      throw refuse(rateLimited('Too many operations run', { status: 503, retryAfter: 1 }));
    }
    const ofKey = owner === '' ? undefined : enterKey(owner);
    all++;
    return {
      ...ofKey,
      leave() {
        all--;
        ofKey?.leave();
      },
    };
  };
}
