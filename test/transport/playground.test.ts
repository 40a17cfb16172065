import { globSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { startServer } from '../helpers/server.ts';

const asBrowser = { headers: { accept: 'text/html', 'accept-encoding': 'gzip' } } as const;

async function open(config: object = {}) {
  const { url } = await startServer({ playground: true, config: { server: config } });
  const origin = new URL(url).origin;
  const page = await fetch(origin, asBrowser);
  return { url, origin, page, html: await page.text() };
}

/** What the page itself asks for. */
const assetsOf = (html: string) => [...html.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path = '']) => path);

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
  expect(html).not.toMatch(/<script(?![^>]* src="\/)|<style|style="|(src|href)="(https?:)?\/\//);
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

test('can be switched off, and GraphiQL is there in its place', async () => {
  const { page } = await open({ playground: false });
  expect(page.url).toMatch(/\/graphql$/);
});
