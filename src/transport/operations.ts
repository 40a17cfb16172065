import type { Logger } from 'pino';
import { type Caller, CLIENT_GONE } from '../gateway/caller.ts';
import { callerLeft } from '../gateway/failure.ts';
import { ProviderError } from '../providers/errors.ts';
import type { OwnerOf } from './keys.ts';
import type { EnterOperation } from './operation-limit.ts';
import type { BeginOperationSpan, GraphQLOperation } from './operation-span.ts';
import type { TraceParents } from './trace-parents.ts';
import type { EndedOperation, TransportStats } from './transport-stats.ts';

/** One GraphQL operation while it runs, whatever it came over. */
export interface Operation extends Caller {
  /** What it is, for its line in the log and its span. */
  describe(operation: string, graphql?: GraphQLOperation): void;
  /**
   * Where other nodes have to be asked whether there is a place for it: resolves when it may go on.
   * @throws GraphQLError `RATE_LIMITED`
   */
  readonly admitted: Promise<void> | undefined;
  /** It is over. Only the first call counts. */
  end(code?: string): void;
}

export interface Arrival {
  readonly transport: 'http' | 'websocket';
  readonly requestId: string;
  readonly owner: string;
  /** By which its caller was let in: an `Authorization` value. */
  readonly authorization: unknown;
  /** The operations that run over the same connection already. */
  readonly beside: number;
  /** What it may be a part of. */
  readonly parents: TraceParents;
  /** Ends the connection that the operation came over. */
  drop(): void;
}

/** All operations that run: one line in the log for each when it ends, and a way to stop them together. */
export interface Operations {
  /**
   * @param retain keeps what the operation needs until it is over
   * @throws GraphQLError `RATE_LIMITED` where too many run
   */
  begin(arrival: Arrival, retain?: () => () => void): Operation;
  /** Lets go of those over HTTP whose caller would not be let in any more. */
  dropUninvited(ownerOf: OwnerOf): void;
  /** Resolves when none is left. Those that still run after `graceMs` are aborted with `SHUTTING_DOWN`, and waited for a little. */
  stop(graceMs: number): Promise<void>;
}

/** How long the last events of aborted operations may take to go out. */
const FAREWELL_MS = 1000;

interface OperationsOptions {
  readonly enterOperation: EnterOperation;
  readonly beginSpan: BeginOperationSpan;
  readonly stats: TransportStats;
}

export function createOperations(log: Logger, { enterOperation, beginSpan, stats }: OperationsOptions): Operations {
  const running = new Map<Operation, { readonly controller: AbortController; readonly arrival: Arrival }>();
  let emptied: (() => void) | undefined;

  return {
    begin(arrival, retain) {
      const { transport, requestId, owner, beside, parents, drop } = arrival;
      const { admitted, leave: leaveOperation } = enterOperation({ owner, beside });
      const release = retain?.();
      const controller = new AbortController();
      const begin = performance.now();
      const span = beginSpan(parents);
      let failure: string | undefined;
      const line: Record<string, unknown> = { requestId, transport, ...(owner === '' ? {} : { key: owner }) };
      const operation: Operation = {
        requestId,
        owner,
        signal: controller.signal,
        trace: span.context,
        admitted,
        leave: (kind) => controller.abort(CLIENT_GONE[kind]),
        drop,
        note({ reason, ...outcome }) {
          Object.assign(line, outcome);
          // In the upstream's words, which may be about what was asked: nothing for every log.
          if (reason === undefined) return;
          log.debug({ requestId, reason }, 'failure');
          failure = outcome.code;
        },
        describe(name, graphql) {
          line.operation = name;
          span.describe(name, graphql);
        },
        end(code) {
          if (!running.delete(operation)) return;
          leaveOperation();
          release?.();
          const hasLeft = callerLeft(controller.signal);
          const ms = Math.round(performance.now() - begin);
          const told = { code: hasLeft ? 'LEFT' : (code ?? 'OK'), ...line, ms };
          log.info(told, 'operation');
          stats.running[transport]--;
          stats.onOperationEnd?.({ transport, type: typeOf(line.operation), code: told.code, ms });
          span.end({ code: told.code, error: failure ?? (hasLeft ? undefined : code) });
          if (running.size === 0) emptied?.();
        },
      };
      running.set(operation, { controller, arrival });
      stats.running[transport]++;
      admitted?.catch(() => operation.end('RATE_LIMITED'));
      return operation;
    },

    dropUninvited(ownerOf) {
      for (const [operation, { arrival }] of running) {
        if (arrival.transport !== 'http' || ownerOf(arrival.authorization) !== null) continue; // A WebSocket is closed whole.
        operation.leave('LOST');
        operation.drop();
      }
    },

    async stop(graceMs) {
      if (running.size === 0) return;
      const empty = Promise.withResolvers<void>();
      emptied = empty.resolve;
      const abort = setTimeout(() => {
        const reason = new ProviderError('SHUTTING_DOWN', 'This server is stopping');
        for (const { controller } of running.values()) controller.abort(reason);
      }, graceMs);
      const giveUp = setTimeout(empty.resolve, graceMs + FAREWELL_MS);
      await empty.promise;
      clearTimeout(abort);
      clearTimeout(giveUp);
    },
  };
}

/** What its name begins with. */
function typeOf(name: unknown): EndedOperation['type'] {
  const [type = ''] = String(name).split(' ', 1);
  if (type === 'query' || type === 'mutation' || type === 'subscription') return type;
  return name === MEDIA ? 'media' : 'unknown';
}

/** The operation that takes a file. */
export const MEDIA = 'POST /media';
