import { type Context, context, trace } from '@opentelemetry/api';
import type { TraceParent, TraceParents } from '../transport/trace-parents.ts';
import type { TraceSource } from './trace-source.ts';

/**
 * The context that an operation begins in: what its extensions name, or its connection, or else a span of the host that
 * serves the request, or what the request's headers name. What is malformed is as if it were not there.
 */
export function findParent({ extensions, connection, headers }: TraceParents, { extract }: TraceSource): Context {
  const active = context.active();
  const join = (parent: TraceParent | undefined) => {
    const joined = parent && extract(active, parent);
    return joined && trace.getSpanContext(joined) !== trace.getSpanContext(active) ? joined : undefined;
  };
  return join(extensions) ?? join(connection) ?? (trace.getSpan(active) ? active : (join(headers) ?? active));
}
