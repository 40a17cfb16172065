import { expect, test } from 'vitest';
import { answers, ask, openPlayground, pick } from '../helpers/playground.ts';

test.for([false, true])(
  'a key is asked for, sent over HTTP and WebSocket, and kept (beyond the tab: %s)',
  async (isKept) => {
    const { page, origin } = await openPlayground({ config: { auth: { keys: ['right-key'] } } });
    const dialog = page.getByRole('dialog', { name: 'This server needs a key' });
    await dialog.waitFor();
    for (const _ of [1, 2]) await page.keyboard.press('Escape'); // There is nothing to go to.
    await dialog.getByLabel('Key', { exact: true }).fill('wrong-key');
    await page.keyboard.press('Enter');
    await dialog.getByText('The server does not know the last one.').waitFor();
    await dialog.getByLabel('Key', { exact: true }).fill('right-key');
    if (isKept) await dialog.getByLabel('Keep it in this browser').check();
    await dialog.getByRole('button', { name: 'Continue' }).click();
    await dialog.waitFor({ state: 'hidden' });

    await page.getByRole('button', { name: /^Model:/ }).click();
    await page.getByRole('option', { name: 'eliza' }).waitFor(); // Over HTTP.
    await pick(page, 'eliza');
    await ask(page, 'I need a holiday'); // Over the WebSocket.
    await answers(page).locator('.facts').waitFor();

    const other = await page.context().newPage();
    await other.goto(origin);
    const asked = other.getByRole('dialog', { name: 'This server needs a key' });
    if (!isKept) return asked.waitFor();
    await other.locator('.chip .dot').waitFor(); // The models are there.
    expect(await asked.isVisible()).toBe(false);
  },
);
