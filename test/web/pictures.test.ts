import type { Locator } from 'playwright-core';
import { expect, test } from 'vitest';
import { answers, ask, openPlayground, pick } from '../helpers/playground.ts';

/** Of the picture itself, once it is there. */
async function sizeOf(picture: Locator): Promise<unknown> {
  return picture.evaluate((element) => {
    const { naturalWidth, naturalHeight } = element as unknown as { naturalWidth: number; naturalHeight: number };
    return [naturalWidth, naturalHeight];
  });
}

test('pictures appear in the gallery, are kept, and can be downloaded and deleted', async () => {
  const { page, trouble } = await openPlayground();
  await page.getByRole('link', { name: 'Pictures' }).click();
  await page.getByLabel('What the picture is to show').fill('A quiet harbour at dawn');
  await page.getByLabel('Aspect ratio').selectOption('16:9');
  await page.getByLabel('How many').fill('2');
  await page.getByRole('button', { name: 'Make them' }).click();
  const pictures = page.getByRole('list', { name: 'Gallery' }).getByRole('img', { name: 'A quiet harbour at dawn' });
  await pictures.nth(1).waitFor();
  expect(await sizeOf(pictures.first())).toEqual([1024, 576]);
  await page.getByRole('link', { name: 'Chat' }).click();
  await page.getByRole('link', { name: 'Pictures' }).click();
  expect(await page.getByLabel('How many').inputValue()).toBe('2'); // As it was left.
  await page.reload();
  await pictures.nth(1).waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Download' }).first().click(),
  ]);
  expect(download.suggestedFilename()).toBe('a-quiet-harbour-at-dawn.svg');
  await page.getByRole('button', { name: 'Delete the picture' }).first().click();
  await expect.poll(() => pictures.count()).toBe(1);
  expect(trouble).toEqual([]);
});

test('a picture that an image model answers with stands in the chat', async () => {
  const { page, trouble } = await openPlayground();
  await page.getByRole('button', { name: /^Model:/ }).click();
  await pick(page, 'pattern');
  await ask(page, 'a red fox');
  const picture = answers(page).getByRole('img', { name: 'a red fox' });
  await picture.waitFor();
  expect(await sizeOf(picture)).toEqual([1024, 1024]);
  expect(trouble).toEqual([]);
});
