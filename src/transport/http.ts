import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { sendNodeResponse } from '@whatwg-node/server';
import type { GraphQLSchema } from 'graphql';
import { createYoga, useReadinessCheck, type YogaServerInstance } from 'graphql-yoga';
import type { Config } from '../config/schema.ts';
import type { ReportBug } from '../gateway/failure.ts';
import type { MediaStore } from '../gateway/media/media-store.ts';
import type { Context } from '../schema/builder.ts';
import type { AddressOf } from './client-address.ts';
import { createDocumentCache, useDocumentLimits, useNoIntrospection } from './documents.ts';
import { useDoors, useNoSniff, usePostForSubscriptions } from './doors.ts';
import { type StreamContext, sendEvents, useEventStreams } from './event-stream.ts';
import { useJsonBodies } from './json-body.ts';
import type { OwnerOf } from './keys.ts';
import type { MaskGraphQLError } from './mask-error.ts';
import { useMedia } from './media.ts';
import { type Exposition, useMetrics } from './metrics.ts';
import type { Operations } from './operations.ts';
import { useOrigins } from './origins.ts';
import type { CountOperation } from './rate-limit.ts';
import { REQUEST_ID, requestIdIn, useRequestIds } from './request-id.ts';
import type { TransportStats } from './transport-stats.ts';
import { useOperations } from './use-operations.ts';
import { useVariableLimits } from './variables.ts';

interface HttpOptions {
  readonly config: Config;
  readonly schema: GraphQLSchema;
  /** What the resolvers of one operation get beside the operation itself. */
  createContext(): Omit<Context, 'caller'>;
  readonly mediaStore: MediaStore;
  readonly operations: Pick<Operations, 'begin'>;
  readonly ownerOf: OwnerOf;
  readonly addressOf: AddressOf;
  readonly isReady: () => boolean;
  readonly problem: () => string | undefined;
  readonly countOperation: CountOperation;
  readonly maskError: MaskGraphQLError;
  readonly stats: TransportStats;
  /** What /metrics answers with; without it there is none. */
  readonly metrics?: Exposition | undefined;
}

/** Whether requests are to be sent here; where they are not, and that is no stop, why. */
function toReadiness({ isReady, problem }: HttpOptions): boolean | Response {
  const why = problem();
  return why === undefined || !isReady() ? isReady() : new Response(`${why}\n`, { status: 503 });
}

export type GraphQLServer = YogaServerInstance<Record<string, unknown>, Omit<Context, 'caller'>>;

/** GraphQL over HTTP and server-sent events, `/media`, `/metrics`, `/health` and `/ready`. */
export function createHttpTransport(options: HttpOptions): GraphQLServer {
  const { config, schema, createContext, mediaStore, metrics, ...common } = options;
  const { operations, ownerOf, maskError, stats } = common;
  const { introspection, cors, path } = config.server;
  return createYoga<Record<string, unknown>, Omit<Context, 'caller'>>({
    schema,
    graphqlEndpoint: `${path}/graphql`,
    healthCheckEndpoint: `${path}/health`,
    context: createContext,
    cors: false, // Yoga's own reflects any origin, or says "null", which is what a sandboxed frame has.
    graphiql: false, // Ours is a page of its own: see pages.ts.
    landingPage: false,
    logging: false,
    maskedErrors: { maskError: (error) => maskError(error) },
    maxRequestBodySize: false, // See useJsonBodies.
    multipart: false,
    parserAndValidationCache: createDocumentCache(),
    plugins: [
      useReadinessCheck({ endpoint: `${path}/ready`, check: () => toReadiness(options) }),
      useRequestIds(),
      useOrigins(cors.origins),
      useNoSniff(),
      useMedia({ ...common, path: `${path}/media`, maxBytes: config.limits.maxMediaBytes, store: mediaStore }),
      metrics !== undefined &&
        useMetrics({
          ...common,
          exposition: metrics,
          path: `${path}/metrics`,
          keys: config.auth.keys,
          hops: config.server.trustProxy,
        }),
      useDoors(common),
      useOperations(operations, ownerOf, maskError),
      useDocumentLimits(config.limits, stats),
      useVariableLimits(config.limits, stats),
      !introspection && useNoIntrospection(),
      useEventStreams(maskError, config.limits.keepAliveMs),
      usePostForSubscriptions(),
      useJsonBodies(config.limits.maxBodyBytes, stats),
    ],
  });
}

/** For `http.createServer`: what is streamed is written by us, all else as Yoga has it. */
export function createListener(
  graphql: GraphQLServer,
  { keepAliveMs, reportBug }: { readonly keepAliveMs: number; readonly reportBug: ReportBug },
): RequestListener {
  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const context: Record<string, unknown> & StreamContext = { req: request, res: response };
    const answer = await graphql.handleNodeRequestAndResponse(request, response, context);
    const { subscription } = context;
    if (!subscription) return sendNodeResponse(answer, response, request, true);
    response.setHeaders(answer.headers);
    return sendEvents(subscription, { response, keepAliveMs }); // Not awaited: a stream may take long, and needs nothing of this.
  }

  return (request, response) => {
    closeInLine(request, response);
    respond(request, response).catch((error: unknown) => {
      const requestId = requestIdIn(request.headers);
      reportBug(error, requestId);
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { connection: 'close', [REQUEST_ID]: requestId }).end();
    });
  };
}

/** Node 22 does not tell a response that stands behind another on its connection that the connection is lost. */
function closeInLine({ socket }: IncomingMessage, response: ServerResponse): void {
  if (response.socket) return;
  const onClose = () => response.emit('close');
  socket.once('close', onClose);
  response.once('close', () => socket.off('close', onClose));
}
