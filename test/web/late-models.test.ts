import { expect, test } from 'vitest';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { openPlayground } from '../helpers/playground.ts';

test('while the server with the default model has not listed it, the page says what it waits for, and why', async () => {
  const late = await startFakeUpstream(() => {});
  const { page, trouble } = await openPlayground({
    config: {
      defaults: { chat: 'late/one' },
      providers: { late: { type: 'openai-compatible', baseUrl: late.url } },
    },
  });
  await page.getByRole('status').getByText('Waiting for the models of late: late has not listed').waitFor();
  await page.getByRole('button', { name: 'Model: default model. Change it' }).click();
  await page.getByText('Models of late may be missing: late has not listed').waitFor();
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/late-models.png` });
  await page.keyboard.press('Escape');

  (await late.exchange()).reply({ body: '{"data":[{"id":"one"}]}' });
  await page.getByRole('button', { name: 'Model: late/one. Change it' }).waitFor();
  expect(await page.getByText('Waiting for the models').count()).toBe(0);
  expect(trouble).toEqual([]);
});
