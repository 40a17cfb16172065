import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { Refusal } from './refusal.ts';

export const REQUEST_ID = 'x-request-id';

/** The id that a caller gave, where it is one: it goes into headers and the log as it is. */
export function toRequestId(given: unknown): string | undefined {
  return typeof given === 'string' && /^[\x21-\x7e]{1,128}$/.test(given) ? given : undefined;
}

/** The one in a request's header, or a new one. */
export function requestIdIn(headers: IncomingHttpHeaders): string {
  return toRequestId(headers[REQUEST_ID]) ?? randomUUID();
}

const ids = new WeakMap<Request, string>();

/** The same for a request of Yoga's: one id, whoever asks for it. */
export function requestIdOf(request: Request): string {
  let id = ids.get(request);
  if (id === undefined) {
    id = toRequestId(request.headers.get(REQUEST_ID)) ?? randomUUID();
    ids.set(request, id);
  }
  return id;
}

/** Tells whoever is turned away under which id. */
export function withRequestId(refusal: Refusal, requestId: string): Refusal {
  return { ...refusal, requestId, headers: { ...refusal.headers, [REQUEST_ID]: requestId } };
}

/** The ids of requests in the headers of their responses, and in the errors of their results. */
export function useRequestIds(): Plugin {
  return {
    onResultProcess({ request, result, setResult }) {
      const { errors } = result as ExecutionResult;
      if (errors) setResult({ ...result, errors: errors.map((error) => toNamed(error, requestIdOf(request))) });
    },
    onResponse({ request, response }) {
      response.headers.set(REQUEST_ID, requestIdOf(request));
    },
  };
}

/** An error with the id of its request. A copy: the errors of a document are kept with it, for everyone who sends it. */
export function toNamed(error: GraphQLError, requestId: string): GraphQLError {
  const { message, nodes, source, positions, path, originalError } = error;
  const extensions = { ...error.extensions, requestId };
  return new GraphQLError(message, { nodes, source, positions, path, originalError, extensions });
}
