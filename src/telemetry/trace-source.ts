import { type Context, context, propagation, type Tracer, trace } from '@opentelemetry/api';
import manifest from '../../package.json' with { type: 'json' };

/** Where spans come from, and how others join their traces. */
export interface TraceSource {
  readonly tracer: Tracer;
  /** The context with the parent that a carrier names, or as it was where it names none. */
  extract(context: Context, carrier: Carrier): Context;
  /** Begins calls of an upstream as parts of the span in `within`. */
  run<T>(within: Context, ask: () => T): T;
  /** Sends what has not been sent, if it can be sent soon. */
  close(): Promise<void>;
}

/** `traceparent` and `tracestate`, as the W3C has them. */
export type Carrier = Readonly<Record<string, string>>;

export const SCOPE = { name: manifest.name, version: manifest.version };

/**
 * What is registered in this process by whoever embeds the server in a host of their own, if anything is, even later.
 * Headers to upstreams are left to the host's instrumentation of undici: two of them would make a `traceparent` invalid.
 */
export const HOST: TraceSource = {
  tracer: trace.getTracer(SCOPE.name, SCOPE.version),
  extract: (context, carrier) => propagation.extract(context, carrier),
  run: (within, ask) => context.with(within, ask),
  close: async () => {},
};
