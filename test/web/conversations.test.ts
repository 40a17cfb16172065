import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { answers, ask, endWith, openPlayground, say } from '../helpers/playground.ts';

const list = 'nav .conversations li';

test('conversations are kept in the browser: found, renamed, taken elsewhere, deleted and brought back', async () => {
  const { page, upstream, trouble } = await openPlayground();
  for (const [at, topic] of ['apples', 'pears'].entries()) {
    await page.getByRole('button', { name: 'New chat' }).click();
    await ask(page, `Tell me of ${topic}`);
    const exchange = await upstream.exchange(at);
    await say(exchange, `They are ${topic}.`);
    await endWith(exchange);
    await answers(page).locator('.facts').waitFor();
  }
  await page.reload();
  await answers(page).getByText('They are pears.').waitFor();
  expect(await page.locator(list).allTextContents()).toEqual([
    expect.stringContaining('pears'),
    expect.stringContaining('apples'),
  ]);
  await page.getByLabel('Search conversations').fill('they are APPLES');
  await expect.poll(() => page.locator(list).count()).toBe(1);
  await page.locator(list).hover();
  await page.getByRole('button', { name: 'Rename: Tell me of apples' }).click();
  await page.getByLabel('Title').fill('Fruit');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Fruit' }).click();
  await answers(page).getByText('They are apples.').waitFor();

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  const exported = await readFile(await download.path(), 'utf8');
  expect(JSON.parse(exported).conversations).toHaveLength(2);

  await page.locator(list).hover();
  page.on('dialog', (dialog) => void dialog.accept());
  await page.getByRole('button', { name: 'Delete: Fruit' }).click();
  await page.getByText('Nothing is found.').waitFor();
  await page.getByLabel('Search conversations').fill('');
  expect(await page.locator(list).count()).toBe(1);

  const bring = (text: string) =>
    page
      .getByLabel('A file of exported conversations')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await bring('{"kind":"other"}');
  await page.getByText('This file holds no conversations').waitFor();
  await bring(exported);
  await page.getByText('1 brought in, 1 here already.').waitFor();
  await page.getByRole('link', { name: 'Fruit' }).click();
  await answers(page).getByText('They are apples.').waitFor();

  // What has been written since is not overwritten by what was exported before.
  await ask(page, 'And of plums?');
  await upstream.exchange(2);
  await bring(exported);
  await page.getByText('0 brought in, 2 here already.').waitFor();
  await page.getByText('And of plums?').waitFor();

  // What cannot be shown takes nothing else with it.
  const [first, second] = JSON.parse(exported).conversations;
  const answer = { ...first.turns[0].answers[0], id: 'bad', attempts: [null] };
  const bad = { ...first, id: 'bad', title: 'Bad', turns: [{ ...first.turns[0], id: 'bad', answers: [answer] }] };
  await bring(JSON.stringify({ ...JSON.parse(exported), conversations: [bad, second] }));
  await page.getByRole('link', { name: 'Bad' }).click();
  await page.getByText('cannot be shown').waitFor();
  await page.getByRole('link', { name: 'Fruit' }).click();
  await answers(page).getByText('They are apples.').waitFor();
  expect(trouble).toEqual([]);
});

test('an answer goes on when its page is opened again', async () => {
  const { page, upstream, trouble } = await openPlayground();
  await ask(page, 'Count to three.');
  const exchange = await upstream.exchange();
  await say(exchange, 'One, ');
  await answers(page).getByText('One,').waitFor();
  await page.reload();
  await answers(page).getByText('One,').waitFor();
  await say(exchange, 'two, ', 'three.');
  await endWith(exchange);
  await answers(page).getByText('One, two, three.').waitFor();
  expect(upstream.exchanges).toHaveLength(1);
  expect(trouble).toEqual([]);
});

test('two tabs have the same conversations, and the same answers as they come', async () => {
  const { page, upstream, origin, trouble } = await openPlayground();
  const other = await page.context().newPage();
  await other.goto(origin);
  await ask(page, 'Count to three.');
  const first = await upstream.exchange();
  await say(first, 'One, ');
  await other.getByRole('link', { name: 'Count to three.' }).click();
  await answers(other).getByText('One,').waitFor();
  await say(first, 'two, three.');
  await endWith(first);
  await answers(other).getByText('One, two, three.').waitFor();
  await ask(other, 'And to five?');
  const second = await upstream.exchange(1);
  await say(second, 'Four, ');
  await answers(page).getByText('Four,').waitFor();
  await say(second, 'five.');
  await endWith(second);
  for (const tab of [page, other]) {
    await answers(tab).getByText('Four, five.').waitFor();
    await tab.reload();
    await answers(tab).getByText('One, two, three.').waitFor();
    await answers(tab).getByText('Four, five.').waitFor();
  }
  expect(upstream.exchanges).toHaveLength(2);

  page.on('dialog', (dialog) => void dialog.accept());
  await page.locator(list).hover();
  await page.getByRole('button', { name: 'Delete: Count to three.' }).click();
  await expect.poll(() => other.locator(list).count()).toBe(0);
  expect(trouble).toEqual([]);
});

test('an answer that is stopped in one tab is stopped in the other', async () => {
  const { page, upstream, origin } = await openPlayground();
  const other = await page.context().newPage();
  await other.goto(origin);
  await ask(page, 'Count to three.');
  const exchange = await upstream.exchange();
  await say(exchange, 'One, ');
  await other.getByRole('link', { name: 'Count to three.' }).click();
  await answers(other).getByText('One,').waitFor();
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await exchange.closed;
  await answers(other).getByText('stopped').waitFor();
});
