import type { Provider } from '../providers/provider.ts';
import type { ReportBug } from './failure.ts';
import type { Gate } from './gate.ts';

/** Who is asking: until when, and where to note what came of it. */
export interface Caller {
  /** Aborts when the caller leaves, or with a `ProviderError` when the server stops. */
  readonly signal: AbortSignal;
  /** For the operation's line in the log: the model that was used, and how it ended. */
  note(outcome: { readonly model?: string; readonly code?: string }): void;
}

/** What a call of a provider needs to know of its surroundings. */
export interface Surroundings {
  readonly caller: Caller;
  readonly reportBug: ReportBug;
  gateOf(provider: Provider): Gate;
}
