import { expect, test } from 'vitest';
import { answers, ask, openSettings } from '../helpers/playground.ts';
import { finish, text } from '../helpers/scripted-provider.ts';
import { openStage } from '../helpers/stage.ts';

const SCHEMA = { type: 'object', properties: { name: { type: 'string' } }, required: ['name'] };

test('an answer in JSON is a tree that opens and closes by keys, with its text beside it', async () => {
  const { page, say, question, trouble } = await openStage();
  await openSettings(page);
  await page
    .locator('.settings-box')
    .getByLabel(/^Answer/)
    .selectOption('SCHEMA');
  await page.getByText('expected a JSON Schema').waitFor();
  await page.getByRole('textbox', { name: 'Schema of the answer' }).fill(JSON.stringify(SCHEMA));
  await page.getByLabel(/^Thinking/).selectOption('HIGH');
  await page.keyboard.press('Escape');
  await ask(page, 'Who are you?');
  const { responseFormat, reasoningEffort } = await question(0);
  expect(responseFormat).toMatchObject({ type: 'JSON_SCHEMA', schema: SCHEMA });
  expect(reasoningEffort).toBe('HIGH');
  const answer = { name: 'Ada', born: 1815, tags: ['first', null], deep: { a: { b: { c: true } } }, none: [] };
  const written = JSON.stringify(answer);
  say(text(written.slice(0, 20)));
  await answers(page).locator('pre', { hasText: '{"name":"Ada"' }).waitFor();
  say(text(written.slice(20)), finish());
  const tree = page.getByRole('list', { name: 'Answer' });
  await tree.getByText('"Ada"').waitFor();
  expect(await tree.getByText('born: 1815').count()).toBe(1);
  expect(await tree.getByText('1: null').count()).toBe(1);
  expect(await tree.getByText('c: true').count()).toBe(0); // So deep it is folded.
  await tree.locator('summary', { hasText: 'b:' }).focus();
  await page.keyboard.press('Enter');
  await tree.getByText('c: true').waitFor();
  await page.reload();
  await tree.getByText('"Ada"').waitFor();
  await answers(page).getByText('As text').click();
  await answers(page).getByText(written).waitFor();
  expect(trouble).toEqual([]);
});

test('where an answer is not what was asked for, that is said beside it', async () => {
  const { page, say, question } = await openStage();
  await openSettings(page);
  await page
    .locator('.settings-box')
    .getByLabel(/^Answer/)
    .selectOption('JSON');
  await page.keyboard.press('Escape');
  await ask(page, 'Who are you?');
  expect((await question(0)).responseFormat).toEqual({ type: 'JSON' });
  say(text('I am Ada.'), finish());
  await answers(page).getByText('It is not what was asked for').waitFor();
  await answers(page).getByText('I am Ada.').waitFor();
  expect(await answers(page).locator('.failure li').count()).toBe(1);
});

test('sources are links where they lead to the web', async () => {
  const { page, say, question, trouble } = await openStage();
  await ask(page, 'Says who?');
  await question(0);
  say(
    text('They do.'),
    { type: 'source', url: 'https://a.example/page', title: 'A page' },
    { type: 'source', url: 'javascript:alert(1)', title: null },
    finish(),
  );
  const sources = page.getByRole('region', { name: 'Sources' });
  const link = sources.getByRole('link', { name: 'A page' });
  await link.waitFor();
  expect(await link.getAttribute('href')).toBe('https://a.example/page');
  expect(await link.getAttribute('rel')).toContain('noopener');
  expect(await sources.getByRole('link').count()).toBe(1);
  await sources.getByText('javascript:alert(1)').waitFor();
  expect(trouble).toEqual([]);
});
