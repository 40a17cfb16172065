import type { Context } from '@opentelemetry/api';
import type { Provider } from '../providers/provider.ts';
import type { ReportBug } from './failure.ts';
import type { GatewayStats } from './gateway-stats.ts';
import type { Outcome } from './outcome.ts';
import type { ProviderAccess } from './provider-access.ts';

/** How a caller left: by saying so, or by a connection that was lost. */
export class ClientGone extends Error {
  override readonly name = 'Departure';
  readonly kind: 'UNSUBSCRIBED' | 'LOST';

  constructor(kind: ClientGone['kind']) {
    super(kind === 'LOST' ? 'The connection of the caller was lost' : 'The caller has unsubscribed');
    this.kind = kind;
  }
}

/** One of each serves everyone: everyone leaves, and a stack that nobody reads takes time. */
export const CLIENT_GONE = { LOST: new ClientGone('LOST'), UNSUBSCRIBED: new ClientGone('UNSUBSCRIBED') } as const;

/** Who is asking: until when, and where to note what came of it. */
export interface Caller {
  /** As it gave it or we made it: in the log, and in what the caller is told of errors. */
  readonly requestId: string;
  /** Whose chats these are: the same for everyone who has the same key. */
  readonly owner: string;
  /** Aborts with a `ClientGone` when the caller leaves, or with a `ProviderError` when the server stops. */
  readonly signal: AbortSignal;
  /** The trace that this is a part of. */
  readonly trace: Context;
  /** The caller is gone. Only the first call counts. */
  leave(kind: ClientGone['kind']): void;
  /** The caller does not read what is sent, and is let go: its connection ends. */
  drop(): void;
  /** For the operation's line in the log. */
  note(outcome: Outcome): void;
}

/** What a call of a provider needs to know of its context. */
export interface CallContext {
  readonly signal: AbortSignal;
  /** The trace that its calls are a part of. */
  readonly trace: Context;
  readonly reportBug: ReportBug;
  readonly stats: GatewayStats;
  accessOf(provider: Provider): ProviderAccess;
}
