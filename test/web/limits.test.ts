import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { TEXT_ONLY } from '../../src/providers/capabilities.ts';
import { ask, openPlayground, openSettings, pick } from '../helpers/playground.ts';
import { openStage } from '../helpers/stage.ts';

const FIELDS = {
  Temperature: 'be told a temperature',
  'Tokens at most': 'be told how long to answer',
  Thinking: 'be told how much to think',
  Answer: 'be held to JSON',
  Tools: 'call tools',
};

const fieldOf = (page: Page, label: string) => page.locator('.settings-box').getByLabel(new RegExp(`^${label}`));

test('what the chosen model is known not to do is grey, and says why', async () => {
  const { page, trouble } = await openStage({ capabilities: TEXT_ONLY });
  const attach = page.getByRole('button', { name: 'Attach pictures or files' });
  await expect.poll(() => attach.getAttribute('aria-disabled')).toBe('true');
  expect(await attach.getAttribute('title')).toBe('scripted/model cannot be shown pictures or files.');
  await attach.click({ force: true });
  await page.locator('.notes').getByText('scripted/model cannot be shown pictures or files.').waitFor();
  await openSettings(page);
  for (const [label, cannot] of Object.entries(FIELDS)) {
    const field = fieldOf(page, label);
    expect(await field.isDisabled()).toBe(true);
    expect(await field.getAttribute('title')).toBe(`scripted/model cannot ${cannot}.`);
    await page.locator('.settings-box').getByText(`scripted/model cannot ${cannot}.`).waitFor();
  }
  expect(trouble).toEqual([]);
});

test('what is not known of a model is left to it', async () => {
  const { page } = await openStage();
  expect(await page.getByRole('button', { name: 'Attach' }).getAttribute('aria-disabled')).toBe('false');
  await openSettings(page);
  for (const label of Object.keys(FIELDS)) expect(await fieldOf(page, label).isEnabled()).toBe(true);
  expect(await page.locator('.settings-box .reason').count()).toBe(0);
});

test('what was set for another model can be taken back, and is refused until then', async () => {
  const { page } = await openPlayground();
  await openSettings(page);
  await page.getByRole('button', { name: 'Example: Tools' }).click();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: /^Model:/ }).click();
  await pick(page, 'eliza');
  await ask(page, 'Hello');
  await page.getByRole('alert').getByText('input.tools').waitFor();
  await openSettings(page);
  const tools = page.getByLabel('Tools', { exact: true });
  expect(await tools.isEnabled()).toBe(true);
  await page.getByText('local/eliza cannot call tools.').waitFor();
  await tools.fill('');
  await page.keyboard.press('Tab');
  await expect.poll(() => tools.isDisabled()).toBe(true);
});
