import { expect, test } from 'vitest';
import { answers, ask, openPlayground, openSettings } from '../helpers/playground.ts';

const PARAMETERS = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const SCHEMA = { type: 'object', properties: { born: { type: 'integer', minimum: 1800 } }, required: ['born'] };
const config = { defaults: { chat: 'local/script' } };

test('with the model for whoever tests a client a tool is called, answered and told of, without a key and a network', async () => {
  const { page, trouble } = await openPlayground({ config });
  await openSettings(page);
  await page.getByLabel('Tools', { exact: true }).fill(JSON.stringify([{ name: 'weather', parameters: PARAMETERS }]));
  await page.keyboard.press('Escape');
  await ask(page, 'How is the weather?');
  const card = page.getByRole('region', { name: 'Call of weather' });
  await card.getByText('"city":').waitFor();
  await card.getByLabel('Its result').fill('It rains.');
  await page.getByRole('button', { name: 'Go on' }).click();
  await answers(page).locator('.facts').waitFor();
  await answers(page)
    .getByText(/It rains\./)
    .last()
    .waitFor();
  expect(trouble).toEqual([]);
});

test('and it answers with an object of the schema that is entered', async () => {
  const { page, trouble } = await openPlayground({ config });
  await openSettings(page);
  await page
    .locator('.settings-box')
    .getByLabel(/^Answer/)
    .selectOption('SCHEMA');
  await page.getByRole('textbox', { name: 'Schema of the answer' }).fill(JSON.stringify(SCHEMA));
  await page.keyboard.press('Escape');
  await ask(page, 'Who was that?');
  await page
    .getByRole('list', { name: 'Answer' })
    .getByText(/^born: 1[89]\d\d$/)
    .waitFor();
  expect(trouble).toEqual([]);
});
