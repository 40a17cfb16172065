import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import sirv from 'sirv';

interface Pages {
  /** Where the built pages are. */
  readonly folder: string;
  /** Under which everything is served; empty at the root. */
  readonly path: string;
  /** Whether the page at `/` is served; without it, `/` leads to GraphiQL. */
  readonly playground: boolean;
  /** Whether browsers that open the endpoint find GraphiQL there. */
  readonly graphiql: boolean;
}

/** Serves the built pages and their assets where a browser asks for them, and leaves all else to the next listener. */
export function servePages(pages: Pages, next: RequestListener): RequestListener {
  const serveFile = sirv(pages.folder, { etag: true, brotli: true, gzip: true, setHeaders });
  return (request, response) => {
    const file = fileFor(request, pages);
    if (file === undefined) return next(request, response);
    if (file === ROOT) return redirect(response, `${pages.path}/`);
    if (file === ENDPOINT) return redirect(response, 'graphql'); // Beside the root, wherever a proxy has put that.
    request.url = file;
    serveFile(request, response, () => next(request, response));
  };
}

function redirect(response: ServerResponse, location: string): void {
  response.writeHead(302, { location }).end();
}

const PLAYGROUND = '/index.html';
const GRAPHIQL = '/graphiql.html';

const ROOT = '/';
const ENDPOINT = '/graphql';

/** The file that a browser is shown, the root or the endpoint where it is to go there, or nothing. */
function fileFor({ method, url = '', headers }: IncomingMessage, pages: Pages): string | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const [whole = ''] = url.split('?', 1);
  if (!whole.startsWith(pages.path)) return undefined;
  const path = whole.slice(pages.path.length);
  if (path === '' && (pages.playground || pages.graphiql)) return ROOT; // Its page names all else beside itself.
  if (path === ROOT && pages.playground) return PLAYGROUND;
  if (path === ROOT && pages.graphiql) return ENDPOINT;
  if (path === ENDPOINT) return pages.graphiql && headers.accept?.includes('text/html') ? GRAPHIQL : undefined;
  return path === '/icon.svg' || path.startsWith('/assets/') ? path : undefined;
}

/** The names of assets hold a hash of what is in them; everything else is asked for anew. */
function setHeaders(response: ServerResponse, path: string): void {
  const isAsset = path.startsWith('/assets/');
  response.setHeader('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('content-security-policy', path === GRAPHIQL ? GRAPHIQL_POLICY : POLICY);
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
  if (!isAsset) response.setHeader('vary', 'accept, accept-encoding');
}

/** What a browser may do on a page: run our scripts and ask us. Pictures may also come in data: URIs. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Its editor writes style sheets, and runs workers that are assets of ours; its fonts are within its style sheet. */
const GRAPHIQL_POLICY = POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
  .replace("font-src 'self'", "font-src 'self' data:")
  .concat("; worker-src 'self'");
