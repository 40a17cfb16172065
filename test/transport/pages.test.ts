import { globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startServer } from '../helpers/server.ts';

const asBrowser = { headers: { accept: 'text/html', 'accept-encoding': 'gzip' } } as const;

async function open(config: object = {}) {
  const { url } = await startServer({ pages: true, config: { server: config } });
  const origin = new URL(url).origin;
  const page = await fetch(origin, asBrowser);
  return { url, origin, page, html: await page.text() };
}

/** What the page itself asks for. */
const assetsOf = (html: string) => [...html.matchAll(/(?:src|href)="\.(\/[^"]+)"/g)].map(([, path = '']) => path);

test('serves a page that is asked for anew, and assets that never are', async () => {
  const { origin, page, html } = await open();
  expect(page.headers.get('content-type')).toMatch(/^text\/html/);
  expect(page.headers.get('cache-control')).toBe('no-cache');
  const again = await fetch(origin, {
    headers: { ...asBrowser.headers, 'if-none-match': page.headers.get('etag') ?? '' },
  });
  expect(again.status).toBe(304);
  const assets = assetsOf(html).filter((path) => path.startsWith('/assets/'));
  expect(assets.length).toBeGreaterThan(1);
  for (const path of assets) {
    const { status, headers } = await fetch(origin + path, asBrowser);
    expect(status).toBe(200);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-encoding')).toBe('gzip');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  }
  expect((await fetch(`${origin}/assets/index-gone.js`)).status).toBe(404);
});

test('lets the page run its own scripts and ask its own server, and nothing else', async () => {
  const { page, html } = await open();
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self';");
  expect(policy).toContain("connect-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|https?:|\*/);
  expect(html).not.toMatch(/<script(?![^>]* src="\.\/)|<style|style="|(src|href)="(https?:)?\/\//);
});

test('takes at most 150 KB, gzipped, until there is code to colour', async () => {
  const { html } = await open();
  const files = ['index.html', ...assetsOf(html)].map((path) => readFileSync(`web/dist/${path}`));
  const bytes = files.reduce((sum, file) => sum + gzipSync(file).length, 0);
  expect(bytes).toBeGreaterThan(20_000);
  expect(bytes).toBeLessThan(150_000);
  const lazy = globSync('web/dist/assets/*.js').length - assetsOf(html).filter((path) => path.endsWith('.js')).length;
  expect(lazy).toBeGreaterThan(0);
});

test('serves GraphiQL at the endpoint to browsers, from assets that are fetched once', async () => {
  const { url, origin } = await open();
  const response = await fetch(url, asBrowser);
  const html = await response.text();
  expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  expect(response.headers.get('cache-control')).toBe('no-cache');
  expect(response.headers.get('vary')).toBe('accept, accept-encoding');
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(html.length).toBeLessThan(2000);
  expect(html).not.toMatch(/<script(?![^>]* src="\.\/)|<style|style="|(src|href)="(https?:)?\/\//);
  for (const path of assetsOf(html).filter((path) => path.startsWith('/assets/'))) {
    const { headers } = await fetch(origin + path, asBrowser);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-encoding')).toBe('gzip');
  }
});

test('leaves everything else as it is', async () => {
  const { url, origin } = await open();
  expect((await fetch(url, asBrowser)).headers.get('content-type')).toMatch(/^text\/html/);
  expect(await (await fetch(`${url}?query={__typename}`)).json()).toEqual({ data: { __typename: 'Query' } });
  expect((await fetch(`${origin}/health`)).status).toBe(200);
  for (const path of ['/nowhere', '/../package.json', '/%2e%2e/package.json', '/assets']) {
    expect((await fetch(origin + path)).status).toBe(404);
  }
  expect((await fetch(origin, { method: 'POST' })).status).not.toBe(200);
});

test('can be switched off, each by itself', async () => {
  const { page, origin } = await open({ playground: false });
  expect(page.url).toMatch(/\/graphql$/);
  expect((await fetch(`${origin}/index.html`, asBrowser)).status).toBe(404);
  const other = await open({ graphiql: false });
  expect(other.page.status).toBe(200);
  expect([406, '']).toEqual([
    (await fetch(other.url, asBrowser)).status,
    await (await fetch(other.url, asBrowser)).text(),
  ]);
  expect((await fetch(`${other.origin}/graphiql.html`, asBrowser)).status).toBe(404);
  const neither = await open({ playground: false, graphiql: false });
  expect(neither.page.status).toBe(404);
});

test.for(['/graphql?query={__typename}', '/graphql', '/nowhere', '/health'])(
  'no browser guesses what %s is',
  async (path) => {
    const { url } = await startServer();
    expect((await fetch(new URL(path, url))).headers.get('x-content-type-options')).toBe('nosniff');
  },
);
