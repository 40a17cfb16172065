import { type Context, context, propagation, type Tracer, trace } from '@opentelemetry/api';
import { withTraceHeaders } from '../providers/http/trace-headers.ts';
import type { TraceParent } from '../transport/trace-parents.ts';
import { VERSION } from '../version.ts';

/** Where spans come from, and how others join their traces. */
export interface TraceSource {
  readonly tracer: Tracer;
  /** The context with that parent, or as it was where that is malformed. */
  extract(context: Context, parent: TraceParent): Context;
  /** Begins calls of an upstream as parts of the span in `within`. */
  run<T>(within: Context, ask: () => T): T;
  /** Sends what has not been sent, if it can be sent soon. */
  close(): Promise<void>;
}

export const SCOPE = { name: 'modelql', version: VERSION };

/**
 * What whoever embeds the server in a host of their own has registered in this process, if anything, even later. Calls run
 * in the host's context, so that what it instruments stands below their spans. The headers are sent in any case: a host
 * need not instrument undici, and where it does, its own take their place.
 */
export const HOST: TraceSource = {
  tracer: trace.getTracer(SCOPE.name, SCOPE.version),
  extract: (context, parent) => propagation.extract(context, parent),
  run(within, ask) {
    const headers: Record<string, string> = {};
    propagation.inject(within, headers);
    return context.with(within, () => withTraceHeaders(headers, ask));
  },
  close: async () => {},
};
