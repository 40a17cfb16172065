import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';
import type { Key } from '../config/auth.ts';
import { createIsLocal } from './client-address.ts';
import { UNAUTHENTICATED } from './doors.ts';
import { createOwners } from './keys.ts';
import { badRequest, type Refusal, toResponse } from './refusal.ts';
import { requestIdOf, withRequestId } from './request-id.ts';
import { countRefusal, type TransportStats } from './transport-stats.ts';

/** All that is measured, as whoever collects it reads it. */
export interface Exposition {
  readonly contentType: string;
  read(): Promise<string>;
}

interface MetricsOptions {
  readonly path: string;
  readonly keys: readonly Key[];
  readonly exposition: Exposition;
  readonly stats: TransportStats;
  /** How many proxies are ours. */
  readonly hops: number;
}

/** `/metrics`, for callers on this machine and for keys that may read it. */
export function useMetrics(options: MetricsOptions): Plugin<object, { readonly req?: IncomingMessage }> {
  const { path, keys, exposition, stats, hops } = options;
  const ownerOf = createOwners(keys);
  const isLocal = createIsLocal(hops);
  const readers = new Set(keys.flatMap(({ name, metrics }) => (metrics ? name : [])));

  function refusalOf({ method, headers }: Request, over: IncomingMessage | undefined): Refusal | undefined {
    if (method !== 'GET' && method !== 'HEAD') return NOT_A_GET;
    if (over && isLocal(over)) return undefined;
    const owner = ownerOf(headers.get('authorization'));
    if (owner === null || owner === '') return NOBODY;
    return readers.has(owner) ? undefined : NO_READER;
  }

  return {
    async onRequest({ request, url, serverContext, endResponse }) {
      if (url.pathname !== path) return;
      const refusal = refusalOf(request, serverContext.req);
      if (!refusal) return endResponse(await toAnswer(exposition));
      countRefusal(stats, 'metrics', refusal.code);
      endResponse(toResponse(withRequestId(refusal, requestIdOf(request))));
    },
  };
}

async function toAnswer({ contentType, read }: Exposition): Promise<Response> {
  return new Response(await read(), { headers: { 'content-type': contentType, 'cache-control': 'no-store' } });
}

const NOT_A_GET: Refusal = { ...badRequest('Expected a GET', 405), headers: { allow: 'GET, HEAD' } };
const WHO = 'metrics are for callers on the machine of the server, and for keys with "metrics": true in auth.keys';
const NOBODY: Refusal = { ...UNAUTHENTICATED, message: `Expected an Authorization header with a valid key: ${WHO}` };
const NO_READER: Refusal = { status: 403, code: 'FORBIDDEN', message: `This key may not read them: ${WHO}` };
