import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openPage } from '../helpers/browser.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { ask, openPlayground } from '../helpers/playground.ts';
import { startServer } from '../helpers/server.ts';

const run = (page: Page) => page.getByRole('button', { name: /^Execute query/ }).click();
const result = (page: Page) => page.locator('section.result-window, .result-window').first();

test("GraphiQL's chat tab streams, and its image tab answers", async () => {
  const { url } = await startServer({ pages: true, config: { providers: { local: { wordDelayMs: 200 } } } });
  const { page, trouble, sockets } = await openPage(url);
  await run(page);
  await result(page).getByText('ChatDelta').first().waitFor();
  await result(page).getByText('ChatFinished').first().waitFor();
  expect(sockets).toEqual([url.replace('http', 'ws')]);
  // At once: for a moment GraphiQL still goes by the name of the first tab's operation.
  await page.getByRole('tab', { name: 'Picture' }).click();
  await run(page);
  await result(page).getByText('GeneratedImages').first().waitFor();
  await page.getByRole('tab', { name: 'Chat' }).click();
  await run(page);
  await result(page).getByText('ChatFinished').first().waitFor();
  expect(trouble).toEqual([]);
});

test('stop ends the chat at the upstream', async () => {
  const upstream = await startFakeUpstream((exchange) => exchange.begin());
  const config = { defaults: { chat: 'aichats/gpt-4' }, providers: { aichats: { baseUrl: upstream.url } } };
  const { url } = await startServer({ pages: true, config });
  const { page, trouble } = await openPage(url);
  await run(page);
  const exchange = await upstream.exchange();
  await exchange.send('data: One\n');
  await result(page).getByText('ChatDelta').first().waitFor();
  await page.getByRole('button', { name: /^Stop query/ }).click();
  await exchange.closed;
  expect(trouble).toEqual([]);
});

test('GraphiQL knows the schema, and asks for a key where one is needed, for both transports', async () => {
  const { url } = await startServer({ pages: true, config: { auth: { keys: ['right-key'] } } });
  const { page, trouble, sockets } = await openPage(url);
  const dialog = page.getByRole('dialog', { name: 'This server needs a key' });
  await dialog.getByLabel('Key', { exact: true }).fill('wrong-key');
  await page.keyboard.press('Enter');
  await dialog.getByText('The server does not know the last one.').waitFor();
  await dialog.getByLabel('Key', { exact: true }).fill('right-key');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await run(page);
  await result(page).getByText('ChatFinished').first().waitFor();
  expect(sockets).toHaveLength(1);
  await page.getByRole('button', { name: 'Show Documentation Explorer' }).click();
  await page.getByRole('link', { name: 'Subscription' }).waitFor();
  expect(trouble.filter((text) => !text.includes('401'))).toEqual([]);
});

test('an operation of the playground opens in GraphiQL, with its variables', async () => {
  const { page, server, trouble } = await openPlayground({ config: { defaults: { chat: 'local/eliza' } } });
  await ask(page, `I need a holiday. ${'Really. '.repeat(4000)}`);
  await page.getByRole('button', { name: 'Show the query' }).click();
  const [other] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'Open in GraphiQL' }).click(),
  ]);
  await run(other);
  await result(other).getByText('ChatFinished').first().waitFor();
  expect(await other.getByText('I need a holiday').count()).toBeGreaterThan(0); // Longer than an address on the wire may be.
  // Another one, while GraphiQL has tabs from the last time.
  const variables = { input: { messages: [{ role: 'USER', content: 'I need a rest' }] } };
  const query = 'subscription Rest($input: ChatInput!) { chat(input: $input) { __typename } }';
  await other.goto(`${server.url}?${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`);
  await run(other);
  await result(other).getByText('ChatFinished').first().waitFor();
  // GraphiQL stores its tabs half a second after a change.
  await other.waitForFunction(() => localStorage.getItem('graphiql:tabState')?.includes('subscription Rest'));
  await other.goto(server.url);
  await other.getByRole('tab', { name: 'Rest' }).waitFor();
  expect(trouble).toEqual([]);
});
