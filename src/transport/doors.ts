import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { OwnerOf } from './keys.ts';

interface DoorOptions {
  readonly ownerOf: OwnerOf;
  readonly isReady: () => boolean;
}

/** Whether a `Host` header can be one: a name or an address, and perhaps a port. */
export function isHost(host: string | undefined): boolean {
  return host !== undefined && /^([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?$/i.test(host);
}

/** Whoever opens the URL that the log names finds GraphiQL. */
export function useFrontDoor(): Plugin {
  return {
    onRequest({ request, url, endResponse }) {
      if (request.method !== 'GET' || url.pathname !== '/') return;
      endResponse(new Response(null, { status: 302, headers: { location: '/graphql' } }));
    },
  };
}

/** Who may come in, until when, and with what. A page has no key to show: GraphiQL is served to everyone. */
export function useDoors(options: DoorOptions): Plugin {
  return {
    onRequestParse({ request, url, endResponse }) {
      const refused = refuseCaller(request, options) ?? refuseContent(request, url);
      if (refused) endResponse(refused);
    },
  };
}

function refuseCaller({ headers }: Request, { ownerOf, isReady }: DoorOptions): Response | undefined {
  if (!isReady()) {
    const later = { connection: 'close', 'retry-after': '1' };
    return refusal(503, 'SHUTTING_DOWN', 'This server is stopping', later);
  }
  if (ownerOf(headers.get('authorization')) !== null) return undefined;
  const message = 'Expected an Authorization header with a valid key: Bearer KEY';
  return refusal(401, 'UNAUTHENTICATED', message, { 'www-authenticate': 'Bearer' });
}

/** Any page can send forms and plain text with a visitor's browser, so those are no operations. */
function refuseContent({ method, headers }: Request, { searchParams }: URL): Response | undefined {
  if (method === 'POST' && !/^application\/([\w.-]+\+)?json\b/i.test(headers.get('content-type') ?? '')) {
    return refusal(415, 'BAD_REQUEST', 'Expected content-type: application/json');
  }
  const bad = ['variables', 'extensions'].find((name) => method === 'GET' && !isJson(searchParams.get(name)));
  return bad === undefined ? undefined : refusal(400, 'BAD_REQUEST', `Expected JSON in the parameter ${bad}`);
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

/** Yoga tells the sender of a malformed body what the parser said of it, and that quotes the body. */
export function usePlainErrors(): Plugin {
  return {
    onRequestParse({ requestParser, setRequestParser }) {
      if (!requestParser) return;
      setRequestParser(async (request) => {
        try {
          return await requestParser(request);
        } catch (error) {
          if (!(error instanceof GraphQLError) || error.extensions.originalError === undefined) throw error;
          return refusal(400, 'BAD_REQUEST', error.message);
        }
      });
    },
  };
}

function refusal(status: number, code: string, message: string, headers: Record<string, string> = {}): Response {
  return Response.json({ errors: [{ message, extensions: { code } }] }, { status, headers });
}
