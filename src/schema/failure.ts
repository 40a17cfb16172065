import { GraphQLError } from 'graphql';
import type { Attempt, Failure } from '../gateway/failure.ts';
import { ProviderError } from '../providers/errors.ts';
import { builder } from './builder.ts';

export const FailureCode = builder.enumType('FailureCode', {
  description: 'Why a provider could not do what was asked.',
  values: {
    RATE_LIMITED: { description: 'It was asked too often, or its quota is used up (429, 402).' },
    UNAUTHORIZED: { description: 'It does not accept our key or cookie (401, 403).' },
    BLOCKED: { description: 'A bot challenge stands in the way.' },
    TIMEOUT: { description: 'It took longer than is waited for (408, 504, or a deadline of this server).' },
    UNREACHABLE: { description: 'No connection could be made, or it broke.' },
    UNAVAILABLE: { description: 'It has a fault of its own (other 5xx).' },
    REJECTED: { description: 'It refuses this very request (other 4xx).' },
    MODEL_GONE: {
      description: 'It does not have this model, or has it no longer (404, 410). Its other models may answer.',
    },
    BAD_RESPONSE: { description: 'It answered with something that is no answer, or broke its answer off.' },
    TOO_LARGE: { description: 'Its answer is larger than this server takes.' },
    SHUTTING_DOWN: { description: 'This server is stopping.' },
  } as const,
});

const RETRY_AFTER =
  'How long the upstream asks to wait before the next try, in milliseconds; null where it does not say.';

const AttemptRef = builder.objectRef<Attempt>('Attempt').implement({
  description: 'One try of one model, in order.',
  fields: (t) => ({
    model: t.field({
      type: 'Model',
      description: 'The model that was tried.',
      resolve: ({ model }, _args, { gateway }) => gateway.modelOf(model),
    }),
    code: t.expose('code', { type: FailureCode, description: 'Why it came to nothing.' }),
    message: t.exposeString('message', { description: 'The same in words, for people.' }),
    durationMs: t.exposeInt('durationMs', { description: 'From the request to the failure, in milliseconds.' }),
    retryAfterMs: t.exposeInt('retryAfterMs', { nullable: true, description: RETRY_AFTER }),
  }),
});

export const FailureRef = builder.interfaceRef<Failure>('Failure').implement({
  description: 'Something in the world outside went wrong: data, not a GraphQL error.',
  fields: (t) => ({
    code: t.expose('code', { type: FailureCode, description: 'Why. Programs decide by this.' }),
    message: t.exposeString('message', { description: 'The same in words, for people.' }),
    retryable: t.exposeBoolean('retryable', { description: 'Whether the same request may succeed later.' }),
    retryAfterMs: t.exposeInt('retryAfterMs', { nullable: true, description: RETRY_AFTER }),
    attempts: t.expose('attempts', { type: [AttemptRef], description: 'Every try, in order.' }),
  }),
});

export { AttemptRef };

/** A failure of the world where the API has null and an error for it, with the failure's code. Others stay as they are. */
export function toFieldError(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  return new GraphQLError(error.message, { extensions: { code: error.code } });
}
