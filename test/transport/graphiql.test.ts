import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { startServer } from '../helpers/server.ts';

const asBrowser = { headers: { accept: 'text/html,application/xhtml+xml' } } as const;

test('serves GraphiQL to a browser, with all it needs and working examples', async () => {
  const { url } = await startServer();
  const response = await fetch(url, asBrowser);
  expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
  const page = await response.text();
  expect(page).not.toMatch(/<(script|link|img)[^>]+(src|href)="?https?:/);
  expect(page).toContain('subscription Chat');
  expect(page).toContain('generateImage');
  // The rule that loses the first click on a tab: see page.ts.
  expect(page).not.toContain('.graphiql-tab:not(:focus-within)');
  expect(page).toContain('.graphiql-tab{transform:none!important}');
});

test('lets a browser run the scripts of the page and no others, and show it in no frame', async () => {
  const { url } = await startServer();
  const response = await fetch(url, asBrowser);
  const page = await response.text();
  const scripts = [...page.matchAll(/<script>(.*?)<\/script>/gs)].map(([, script]) => script ?? '');
  const hashes = scripts.map((script) => `'sha256-${createHash('sha256').update(script).digest('base64')}'`);
  expect(scripts).toHaveLength(2);
  const policy = response.headers.get('content-security-policy');
  expect(policy).toContain(`script-src ${hashes.join(' ')};`);
  expect(policy).toContain("default-src 'none';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(response.headers.get('referrer-policy')).toBe('no-referrer');
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
});

test('asks for a key where one is needed, and has none itself', async () => {
  const settingsOf = async (keys: readonly string[]) => {
    const { url } = await startServer({ config: { auth: { keys } } });
    const page = await (await fetch(url, asBrowser)).text();
    expect(page).not.toContain('first-key');
    return JSON.parse(/<script type="application\/json" id="settings">(.*?)<\/script>/s.exec(page)?.[1] ?? '');
  };
  expect(await settingsOf(['first-key'])).toMatchObject({ needsKey: true, options: { subscriptionsProtocol: 'WS' } });
  expect(await settingsOf([])).toMatchObject({ needsKey: false });
});

test('sends a browser from the root to GraphiQL', async () => {
  const { url } = await startServer();
  const response = await fetch(new URL('/', url), { redirect: 'manual', ...asBrowser });
  expect([response.status, response.headers.get('location')]).toEqual([302, '/graphql']);
});

test('can be switched off', async () => {
  const { url } = await startServer({ config: { server: { graphiql: false } } });
  const page = await fetch(url, asBrowser);
  expect([page.status, await page.text()]).toEqual([406, '']);
  expect((await fetch(new URL('/', url), { redirect: 'manual', ...asBrowser })).status).toBe(404);
});

test.for(['/graphql?query={__typename}', '/graphql', '/nowhere', '/health'])(
  'no browser guesses what %s is',
  async (path) => {
    const { url } = await startServer();
    expect((await fetch(new URL(path, url))).headers.get('x-content-type-options')).toBe('nosniff');
  },
);
