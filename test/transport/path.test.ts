import { describe, expect, test } from 'vitest';
import { transports } from '../helpers/clients.ts';
import { openSilently } from '../helpers/raw-socket.ts';
import { startServer } from '../helpers/server.ts';

const config = { server: { path: '/tools/ai' } };
const asBrowser = { headers: { accept: 'text/html' }, redirect: 'manual' } as const;

describe('with a `server.path`', () => {
  test.for(transports)('GraphQL is under it, over %s', async ([, run]) => {
    const server = await startServer({ config });
    expect(server.url).toMatch(/\/tools\/ai\/graphql$/);
    expect(await run(server, { query: '{ __typename }' })).toEqual([{ data: { __typename: 'Query' } }]);
    const request = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query":"{__typename}"}',
    };
    expect((await server.app.fetch('http://localhost/tools/ai/graphql', request)).status).toBe(200);
  });

  test('health and readiness are under it', async () => {
    const { url, app } = await startServer({ config });
    for (const name of ['health', 'ready']) expect((await fetch(new URL(name, url))).status).toBe(200);
    await app.stop();
    expect((await fetch(new URL('ready', url))).status).toBe(503);
  });

  test('the pages and all that they ask for are under it', async () => {
    const { url } = await startServer({ config, pages: true });
    for (const place of [new URL('.', url).href, url]) {
      const page = await fetch(place, asBrowser);
      expect(page.headers.get('content-type')).toMatch(/^text\/html/);
      const links = [...(await page.text()).matchAll(/(?:src|href)="([^"]+)"/g)].map(([, link = '']) => link);
      expect(links.length).toBeGreaterThan(1);
      for (const link of links) expect((await fetch(new URL(link, place))).status).toBe(200);
    }
  });

  test.for([
    [{}, '/tools/ai', '/tools/ai/'],
    [{ playground: false }, '/tools/ai', '/tools/ai/'],
    [{ playground: false }, '/tools/ai/', '/tools/ai/graphql'],
  ] as const)('%o leads from %s to %s', async ([more, from, to]) => {
    const { url } = await startServer({ config: { server: { ...config.server, ...more } }, pages: true });
    const { status, headers } = await fetch(new URL(from, url), asBrowser);
    expect([status, new URL(headers.get('location') ?? '', new URL(from, url)).pathname]).toEqual([302, to]);
  });

  test('nothing is outside of it', async () => {
    const { url, webSocketUrl } = await startServer({ config, pages: true });
    for (const path of [
      '/',
      '/graphql?query={__typename}',
      '/health',
      '/ready',
      '/icon.svg',
      '/tools/aigraphql',
      '/tools',
    ]) {
      expect((await fetch(new URL(path, url), asBrowser)).status).toBe(404);
    }
    const { closed } = await openSilently({ webSocketUrl: new URL('/graphql', webSocketUrl).href });
    expect((await closed).code).toBe(1006);
  });
});
