import type { IncomingMessage } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { AddressOf } from './client-address.ts';
import type { OwnerOf } from './keys.ts';
import type { CountOperation } from './rate-limit.ts';
import { badRequest, type Refusal, SHUTTING_DOWN, toResponse } from './refusal.ts';
import { requestIdOf, withRequestId } from './request-id.ts';
import { countRefusal, type TransportStats } from './transport-stats.ts';

export interface DoorOptions {
  readonly ownerOf: OwnerOf;
  readonly addressOf: AddressOf;
  readonly isReady: () => boolean;
  readonly countOperation: CountOperation;
  readonly stats: TransportStats;
}

/** Who may come in, until when, how often, and with what. */
export function useDoors(options: DoorOptions): Plugin<object, { readonly req?: IncomingMessage }> {
  return {
    onRequestParse({ request, url, serverContext, endResponse }) {
      const authorization = request.headers.get('authorization');
      const refuse = (refusal: Refusal) => endResponse(toResponse(withRequestId(refusal, requestIdOf(request))));
      return whenKnown(refuseCaller(authorization, serverContext.req, options), (refusal) => {
        if (refusal) return refuse(refusal);
        const misfit = refuseContent(request, url);
        if (!misfit) return;
        countRefusal(options.stats, 'content', misfit.code);
        refuse(misfit);
      });
    },
  };
}

export function refuseCaller(
  authorization: string | null,
  req: IncomingMessage | undefined,
  options: DoorOptions,
): ReturnType<CountOperation> {
  return whenKnown(refusalOf(authorization, req, options), (refusal) => {
    if (refusal) countRefusal(options.stats, 'callers', refusal.code);
    return refusal;
  });
}

/** At once, where it is no promise. */
function whenKnown<T, R>(value: T | Promise<T>, then: (value: T) => R): R | Promise<R> {
  return value instanceof Promise ? value.then(then) : then(value);
}

function refusalOf(authorization: string | null, req: IncomingMessage | undefined, options: DoorOptions) {
  if (!options.isReady()) return SHUTTING_DOWN;
  const owner = options.ownerOf(authorization);
  return owner === null ? UNAUTHENTICATED : options.countOperation(owner, req && options.addressOf(req));
}

export const UNAUTHENTICATED: Refusal = {
  status: 401,
  code: 'UNAUTHENTICATED',
  message: 'Expected an Authorization header with a valid key: Bearer KEY',
  headers: { 'www-authenticate': 'Bearer' },
};

/** Any page can send forms and plain text with a visitor's browser, so those are no operations. */
function refuseContent({ method, headers }: Request, { searchParams }: URL): Refusal | undefined {
  if (method === 'POST' && !/^application\/([\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')) {
    return badRequest('Expected content-type: application/json', 415);
  }
  const bad = ['variables', 'extensions'].find((name) => method === 'GET' && !isJson(searchParams.get(name)));
  return bad === undefined ? undefined : badRequest(`Expected JSON in the parameter ${bad}`);
}

function isJson(text: string | null): boolean {
  if (text === null) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // The caller says what was expected.
  }
}

/** A page elsewhere can make its visitor's browser read any address as an event stream: a chat is not to begin by that. */
export function usePostForSubscriptions(): Plugin {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { request } = args.contextValue as { readonly request?: Request };
      if (request?.method !== 'GET') return;
      const http = { status: 405, headers: { allow: 'POST' } };
      const error = new GraphQLError('Subscriptions need a POST', { extensions: { code: 'BAD_REQUEST', http } });
      setResultAndStopExecution({ errors: [error] });
    },
  };
}

/** No browser is to take an answer for anything but what it says it is. */
export function useNoSniff(): Plugin {
  return {
    onResponse({ response }) {
      response.headers.set('x-content-type-options', 'nosniff');
    },
  };
}
