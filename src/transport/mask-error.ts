import { GraphQLError } from 'graphql';
import { ClientGone } from '../gateway/caller.ts';
import type { ReportBug } from '../gateway/failure.ts';

/** @param requestId of the request that it happened in, for the log */
export type MaskGraphQLError = (error: unknown, requestId?: string) => GraphQLError;

/** Lets errors made for clients through, and turns all others into one that says only where to find it in the log. */
export function createErrorMask(reportBug: ReportBug): MaskGraphQLError {
  return (error, requestId) => {
    const original = error instanceof GraphQLError ? (error.originalError ?? error) : error;
    if (original instanceof GraphQLError && error instanceof GraphQLError) return error;
    const location = error instanceof GraphQLError ? { nodes: error.nodes ?? null, path: error.path ?? null } : {};
    if (original instanceof ClientGone) {
      return new GraphQLError('The caller has left', { ...location, extensions: { code: 'LEFT' } });
    }
    const extensions = { code: 'INTERNAL_SERVER_ERROR', id: reportBug(original, requestId), unexpected: true };
    return new GraphQLError('Unexpected error', { ...location, extensions });
  };
}
