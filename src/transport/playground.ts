import type { RequestListener, ServerResponse } from 'node:http';
import sirv from 'sirv';

/** What a browser may do on the page: run our scripts and ask us. Pictures may also come in data: URIs. */
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

/** Serves the built playground where a file of it is asked for, and leaves all else to the next listener. */
export function servePlayground(folder: string, next: RequestListener): RequestListener {
  const serveFile = sirv(folder, { etag: true, brotli: true, gzip: true, setHeaders });
  return (request, response) => {
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    if (isRead) serveFile(request, response, () => next(request, response));
    else next(request, response);
  };
}

/** The names of assets hold a hash of what is in them; everything else is asked for anew. */
function setHeaders(response: ServerResponse, path: string): void {
  const isAsset = path.startsWith('/assets/');
  response.setHeader('cache-control', isAsset ? 'public, max-age=31536000, immutable' : 'no-cache');
  response.setHeader('content-security-policy', POLICY);
  response.setHeader('referrer-policy', 'no-referrer');
  response.setHeader('x-content-type-options', 'nosniff');
  response.setHeader('cross-origin-opener-policy', 'same-origin');
}
