import type { FailureCode } from '../providers/errors.ts';

/**
 * What happens in the gateway, as plain numbers that rise: nothing else is paid for them where it happens. Whoever wants
 * to know reads them when it likes.
 */
export interface GatewayStats {
  /** The chats that run, and those just over that can still be joined. */
  readonly chats: Set<CountedChat>;
  /** Chats that somebody joined who did not start them. */
  resumed: number;
  cancelled: number;
  /** Answers that broke off and were begun anew by another model. */
  restarted: number;
  /** Deltas that a reader got within another one, as it was behind. */
  mergedDeltas: number;
  /** Readers who were let go as they did not read. */
  droppedReaders: number;
  /** How tries of models ended, by the provider's id and the code. */
  readonly attempts: Map<string, Map<AttemptCode, number>>;
}

/** What a chat tells of itself while it is there. */
export interface CountedChat {
  readonly hasEnded: boolean;
  /** On the clock of `performance.now()`. */
  readonly begunAt: number;
  /** How many read it at this moment. */
  readonly readers: number;
  /** What its journal keeps, in UTF-16 code units. */
  readonly size: number;
}

/** `LEFT`: nobody waited for the answer any more. */
export type AttemptCode = 'OK' | 'LEFT' | FailureCode;

export function createGatewayStats(): GatewayStats {
  return {
    chats: new Set(),
    resumed: 0,
    cancelled: 0,
    restarted: 0,
    mergedDeltas: 0,
    droppedReaders: 0,
    attempts: new Map(),
  };
}

export function countAttempt({ attempts }: GatewayStats, provider: string, code: AttemptCode): void {
  const ofProvider = attempts.get(provider) ?? new Map<AttemptCode, number>();
  ofProvider.set(code, (ofProvider.get(code) ?? 0) + 1);
  attempts.set(provider, ofProvider);
}
