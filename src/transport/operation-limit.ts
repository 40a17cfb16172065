import { rateLimited, toGraphQLError } from './refusal.ts';
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

/** Takes a place for one operation, and returns what gives it back. @throws GraphQLError `RATE_LIMITED` */
export type EnterOperation = (entrant: Entrant) => () => void;

/**
 * Counts the operations that run, and lets in no more than there may be.
 * @param limits those of now
 */
export function createOperationLimit(limits: () => StreamLimits, stats: TransportStats): EnterOperation {
  const ofOwner = new Map<string, number>();
  let all = 0;

  function refusalOf({ owner, beside }: Entrant) {
    const { maxStreams, maxStreamsPerConnection, maxStreamsPerKey } = limits();
    const own = { status: 429, retryAfter: 1 } as const;
    if (beside >= maxStreamsPerConnection) return rateLimited('Too many operations run over this connection', own);
    if (owner !== '' && maxStreamsPerKey > 0 && (ofOwner.get(owner) ?? 0) >= maxStreamsPerKey) {
      return rateLimited('Too many operations of this key run', own);
    }
    if (all >= maxStreams) return rateLimited('Too many operations run', { status: 503, retryAfter: 1 });
    return undefined;
  }

  function count(owner: string, change: 1 | -1): void {
    all += change;
    const own = (ofOwner.get(owner) ?? 0) + change;
    if (own === 0) ofOwner.delete(owner);
    else ofOwner.set(owner, own);
  }

  return (entrant) => {
    const refusal = refusalOf(entrant);
    if (refusal) {
      countRefusal(stats, 'operations', refusal.code);
      throw toGraphQLError(refusal);
    }
    count(entrant.owner, 1);
    return () => count(entrant.owner, -1);
  };
}
