import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { openPage } from '../helpers/browser.ts';
import { ask, openPlayground } from '../helpers/playground.ts';
import { startServer } from '../helpers/server.ts';

const run = (page: Page) => page.getByRole('button', { name: /^Execute query/ }).click();
const result = (page: Page) => page.locator('section.result-window, .result-window').first();

test("GraphiQL's chat tab streams, and its image tab answers", async () => {
  const { url } = await startServer({ config: { providers: { local: { wordDelayMs: 20 } } } });
  const { page, trouble } = await openPage(url);
  await run(page);
  await result(page).getByText('ChatDelta').first().waitFor();
  await result(page).getByText('ChatFinished').first().waitFor();
  await page.getByRole('tab', { name: 'Picture' }).click();
  // Until it has read the tab's operation, GraphiQL goes by the name of the last one.
  await expect
    .poll(
      async () => {
        await run(page);
        return result(page).textContent();
      },
      { interval: 500, timeout: 8000 },
    )
    .toContain('GeneratedImages');
  expect(trouble).toEqual([]);
});

test('an operation of the playground opens in GraphiQL, with its variables', async () => {
  const { page, trouble } = await openPlayground({ config: { defaults: { chat: 'local/eliza' } } });
  await ask(page, 'I need a holiday');
  await page.getByRole('button', { name: 'Show the query' }).click();
  const [other] = await Promise.all([
    page.context().waitForEvent('page'),
    page.getByRole('link', { name: 'Open in GraphiQL' }).click(),
  ]);
  await run(other);
  await result(other).getByText('ChatFinished').first().waitFor();
  expect(await other.getByText('I need a holiday').count()).toBeGreaterThan(0);
  expect(trouble).toEqual([]);
});
