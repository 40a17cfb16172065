import { GraphQLError } from 'graphql';
import type { FailureCode } from '../providers/errors.ts';

// What a caller can get wrong. Failures of the world outside are no mistakes: see `ProviderError`.

type UnknownName = 'MODEL_NOT_FOUND' | 'PROVIDER_NOT_FOUND';

/** A name that is not there, with the closest ones that are, as the GraphQL error that answers it. */
export function notFound(code: UnknownName, problem: string, closest: readonly string[] = []): GraphQLError {
  const hint = closest.length > 0 ? ` The closest: ${closest.map((name) => `'${name}'`).join(', ')}.` : '';
  return new GraphQLError(`${problem}${hint}`, { extensions: { code, closest } });
}

/** A chat of which something was heard, and that is not there: forgotten, of another key, or of a server that was restarted. */
export function chatNotFound(id: string): GraphQLError {
  const message = `There is no chat '${id}' any more: what came after is lost. Ask anew, with another id.`;
  return new GraphQLError(message, { extensions: { code: 'CHAT_NOT_FOUND' } });
}

/** What was sent by `POST /media`, and is not there: gone for its age or for want of room, of another key, or never sent. */
export function mediaNotFound(path: string): GraphQLError {
  const message = `${path}: there is nothing behind this link any more. Send it anew.`;
  return new GraphQLError(message, { extensions: { code: 'MEDIA_NOT_FOUND', path } });
}

/**
 * @param path the input field, such as `input.messages.0.content`
 * @param reason the code of what went wrong in the world outside, if that is why
 */
export function badInput(path: string, message: string, reason?: FailureCode): GraphQLError {
  return new GraphQLError(`${path}: ${message}`, {
    extensions: { code: 'BAD_USER_INPUT', path, ...(reason && { reason }) },
  });
}

/** What cannot be told now, and may be in a moment. */
export function unavailable(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'UNAVAILABLE' } });
}
