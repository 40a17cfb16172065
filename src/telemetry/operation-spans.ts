import { type Context, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { ATTRIBUTE } from './attributes.ts';
import { findParent, type TraceParents } from './trace-parents.ts';
import type { TraceSource } from './trace-source.ts';

/** One operation, or one file that is sent. */
export interface OperationSpan {
  /** What is done for it is a part of this. */
  readonly context: Context;
  /** @param graphql absent for what is none */
  describe(name: string, graphql?: GraphQLOperation): void;
  /** @param error why it failed, where it did */
  end(outcome: { readonly code: string; readonly error?: string | undefined }): void;
}

export interface GraphQLOperation {
  readonly type: string;
  /** As its client calls it. */
  readonly name: string | undefined;
}

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
