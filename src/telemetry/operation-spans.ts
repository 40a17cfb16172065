import { SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { OperationSpan } from '../transport/operation-span.ts';
import type { TraceParents } from '../transport/trace-parents.ts';
import { ATTRIBUTE } from './attributes.ts';
import { findParent } from './find-parent.ts';
import type { TraceSource } from './trace-source.ts';

/** By the conventions for GraphQL servers: the name that a client chose is no part of the span's. */
export function beginOperationSpan(parents: TraceParents, source: TraceSource): OperationSpan {
  const parent = findParent(parents, source);
  const span = source.tracer.startSpan('GraphQL Operation', { kind: SpanKind.SERVER }, parent);
  return {
    context: trace.setSpan(parent, span),
    describe(name, graphql) {
      if (!span.isRecording()) return;
      span.updateName(graphql?.type ?? name);
      if (graphql) span.setAttribute(ATTRIBUTE.graphqlType, graphql.type);
      if (graphql?.name !== undefined) span.setAttribute(ATTRIBUTE.graphqlName, graphql.name);
    },
    end({ code, error }) {
      span.setAttribute(ATTRIBUTE.code, code);
      if (error !== undefined) {
        span.setAttribute(ATTRIBUTE.errorType, error).setStatus({ code: SpanStatusCode.ERROR });
      }
      span.end();
    },
  };
}
