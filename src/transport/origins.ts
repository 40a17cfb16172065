import type { IncomingMessage } from 'node:http';
import type { Plugin } from 'graphql-yoga';

/** Whose pages may read our answers (CORS): those of listed origins, named one by one, and never with cookies. */
export function useOrigins(origins: readonly string[]): Plugin {
  const isListed = (request: Request) => origins.includes(request.headers.get('origin') ?? '');
  return {
    onRequest({ request, endResponse }) {
      if (request.method === 'OPTIONS' && isListed(request)) endResponse(new Response(null, { status: 204 }));
    },
    onResponse({ request, response: { headers } }) {
      if (origins.length > 0) headers.append('vary', 'origin');
      if (!isListed(request)) return;
      headers.set('access-control-allow-origin', request.headers.get('origin') ?? '');
      headers.set('access-control-expose-headers', 'retry-after, x-request-id');
      if (request.method !== 'OPTIONS') return;
      headers.set('access-control-allow-methods', 'GET, POST');
      const allowed = 'authorization, content-type, x-request-id, traceparent, tracestate';
      headers.set('access-control-allow-headers', allowed);
      headers.set('access-control-max-age', '600');
    },
  };
}

/** A browser says whose page connects; other clients say nothing, and no page can make them. */
export function mayConnect({ headers: { origin, host } }: IncomingMessage, origins: readonly string[]): boolean {
  if (origin === undefined || origins.includes(origin)) return true;
  const { protocol = '', host: ours } = URL.parse(origin) ?? {};
  return /^https?:$/.test(protocol) && ours === host?.toLowerCase(); // `tauri://localhost` is no page of ours.
}
