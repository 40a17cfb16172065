import type { Plugin } from 'graphql-yoga';
import { createPage, type Page } from './page.ts';

interface GraphiQLOptions {
  /** Of the GraphQL endpoint, where browsers find the page. */
  readonly path: string;
  /** Whether the page asks for a key. It is shown to everyone: it has none itself. */
  readonly needsKey: boolean;
}

/** GraphiQL for browsers that open the endpoint, or the URL that the log names. */
export function useGraphiQL(options: GraphiQLOptions): Plugin {
  let page: Promise<Page> | undefined;
  const toResponse = ({ html, headers }: Page) => new Response(html, { headers });
  return {
    onRequest({ request: { method, headers }, url, endResponse }) {
      if (method !== 'GET') return;
      if (url.pathname === '/') endResponse(new Response(null, { status: 302, headers: { location: options.path } }));
      if (url.pathname !== options.path || !headers.get('accept')?.includes('text/html')) return;
      page ??= createPage(options); // It is 9 MB, so it is made when it is first asked for.
      return page.then(toResponse).then(endResponse);
    },
  };
}
