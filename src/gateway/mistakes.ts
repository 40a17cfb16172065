import { GraphQLError } from 'graphql';

/** What a caller can get wrong. Failures of the world outside are no mistakes: see `ProviderError`. */
export type MistakeCode = 'BAD_USER_INPUT' | 'MODEL_NOT_FOUND' | 'PROVIDER_NOT_FOUND' | 'UNAUTHENTICATED';

/** A caller's mistake, as the GraphQL error that answers it. Thrown before anything starts. */
export function mistake(
  code: MistakeCode,
  message: string,
  extensions: Readonly<Record<string, unknown>> = {},
): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...extensions } });
}

/** @param path the input field, such as `input.messages.0.content` */
export function badInput(path: string, message: string): GraphQLError {
  return mistake('BAD_USER_INPUT', `${path}: ${message}`, { path });
}
