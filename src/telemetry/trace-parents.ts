import { type Context, context, trace } from '@opentelemetry/api';
import type { Carrier, TraceSource } from './trace-source.ts';

/** The places in which whoever asks may name the span that an operation is a part of. */
export interface TraceParents {
  /** The `extensions` of the operation. */
  readonly extensions?: Carrier | undefined;
  /** The parameters of its connection. */
  readonly connection?: Carrier | undefined;
  /** The headers of its request. */
  readonly headers?: Carrier | undefined;
}

/**
 * The context that an operation begins in. What is nearest to it counts: its extensions, then its connection, then a span
 * of the host that serves the request, then the request's headers. What is malformed is as if it were not there.
 */
export function findParent({ extensions, connection, headers }: TraceParents, { extract }: TraceSource): Context {
  const active = context.active();
  const join = (carrier: Carrier | undefined) => {
    const joined = carrier && extract(active, carrier);
    return joined && trace.getSpanContext(joined) !== trace.getSpanContext(active) ? joined : undefined;
  };
  return join(extensions) ?? join(connection) ?? (trace.getSpan(active) ? active : (join(headers) ?? active));
}

/** What a place says of a parent, without the rest of it. */
export function toCarrier(read: (name: string) => unknown): Carrier | undefined {
  const parent = read('traceparent');
  if (typeof parent !== 'string') return undefined;
  const state = read('tracestate');
  return { traceparent: parent, ...(typeof state === 'string' && { tracestate: state }) };
}

export function fromHeaders(headers: { get(name: string): string | null }): Carrier | undefined {
  return toCarrier((name) => headers.get(name));
}

export function fromExtensions(extensions: unknown): Carrier | undefined {
  if (typeof extensions !== 'object' || extensions === null) return undefined;
  return toCarrier((name) => (extensions as Readonly<Record<string, unknown>>)[name]);
}
