import type { GraphQLSchema } from 'graphql';
import { createYoga, type Plugin, useReadinessCheck, type YogaServerInstance } from 'graphql-yoga';
import type { Config } from '../config/schema.ts';
import type { ReportBug } from '../gateway/failure.ts';
import type { Context } from '../schema/builder.ts';
import { createGraphiQL, graphiqlOptions } from './graphiql.ts';
import type { IsAuthorized } from './keys.ts';
import { createErrorMask } from './mask-error.ts';
import type { Operations } from './operations.ts';
import { useOperations } from './use-operations.ts';

interface HttpOptions {
  readonly config: Config;
  readonly schema: GraphQLSchema;
  /** What resolvers get beside the operation itself. */
  readonly context: Omit<Context, 'caller'>;
  readonly operations: Operations;
  readonly isAuthorized: IsAuthorized;
  readonly isReady: () => boolean;
  readonly reportBug: ReportBug;
}

export type GraphQLServer = YogaServerInstance<Record<string, unknown>, Omit<Context, 'caller'>>;

/** GraphQL over HTTP and server-sent events, GraphiQL, `/health` and `/ready`. */
export function createHttpTransport(options: HttpOptions): GraphQLServer {
  const { config, schema, context, operations, isAuthorized, isReady, reportBug } = options;
  const { origins } = config.server.cors;
  return createYoga<Record<string, unknown>, Omit<Context, 'caller'>>({
    schema,
    context: () => context,
    cors:
      origins.length > 0
        ? { origin: origins, allowedHeaders: ['authorization', 'content-type'], credentials: false }
        : false,
    graphiql: graphiqlOptions({ needsKey: config.auth.keys.length > 0 }),
    renderGraphiQL: createGraphiQL(),
    landingPage: false,
    logging: false,
    maskedErrors: { maskError: createErrorMask(reportBug) },
    maxRequestBodySize: config.limits.maxBodyBytes,
    multipart: false,
    // A cached syntax error is thrown past the plugins, so that the log would not hear of it.
    parserAndValidationCache: { errorCache: { get: () => undefined, set() {} } },
    plugins: [
      useReadinessCheck({ check: isReady }),
      useFrontDoor(),
      useDoors({ isAuthorized, isReady }),
      useJsonOnly(),
      useOperations(operations),
    ],
  });
}

/** Whoever opens the URL that the log names finds GraphiQL. */
function useFrontDoor(): Plugin {
  return {
    onRequest({ request, url, endResponse }) {
      if (request.method === 'GET' && url.pathname === '/')
        endResponse(Response.redirect(new URL('/graphql', url), 302));
    },
  };
}

/** Who may come in, and until when. A page has no key to show: GraphiQL is served to everyone. */
function useDoors({ isAuthorized, isReady }: Pick<HttpOptions, 'isAuthorized' | 'isReady'>): Plugin {
  return {
    onRequestParse({ request, endResponse }) {
      if (!isReady()) {
        endResponse(
          refusal(503, 'SHUTTING_DOWN', 'This server is stopping', { connection: 'close', 'retry-after': '1' }),
        );
      } else if (!isAuthorized(request.headers.get('authorization'))) {
        endResponse(
          refusal(401, 'UNAUTHENTICATED', 'Expected an Authorization header with a valid key: Bearer KEY', {
            'www-authenticate': 'Bearer',
          }),
        );
      }
    },
  };
}

/** Any page can send forms and plain text with a visitor's browser, so those are no operations. */
function useJsonOnly(): Plugin {
  return {
    onRequestParse({ request, endResponse }) {
      if (
        request.method !== 'POST' ||
        /^application\/([\w.-]+\+)?json\b/i.test(request.headers.get('content-type') ?? '')
      )
        return;
      endResponse(refusal(415, 'BAD_REQUEST', 'Expected content-type: application/json', {}));
    },
  };
}

function refusal(status: number, code: string, message: string, headers: Record<string, string>): Response {
  return Response.json({ errors: [{ message, extensions: { code } }] }, { status, headers });
}
