import type { Context } from '@opentelemetry/api';
import type { TraceParents } from './trace-parents.ts';

/** The span of one operation, or of one file that is sent. */
export interface OperationSpan {
  /** What is done for it is a part of this. */
  readonly context: Context;
  /** @param graphql absent for what is none */
  describe(name: string, graphql?: GraphQLOperation): void;
  /** @param outcome `code` as the log has it; `error` where it failed, and why */
  end(outcome: { readonly code: string; readonly error?: string | undefined }): void;
}

export interface GraphQLOperation {
  readonly type: string;
  /** As its client calls it. */
  readonly name: string | undefined;
}

export type BeginOperationSpan = (parents: TraceParents) => OperationSpan;
