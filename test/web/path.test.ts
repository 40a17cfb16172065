import { expect, test } from 'vitest';
import { openPage } from '../helpers/browser.ts';
import { answers, ask } from '../helpers/playground.ts';
import { startServer } from '../helpers/server.ts';

test('the playground and GraphiQL work under a path', async () => {
  const { url } = await startServer({ pages: true, config: { server: { path: '/tools/ai' } } });
  const { page, trouble, sockets } = await openPage(new URL('/tools/ai', url).href);
  await ask(page, 'I need a holiday');
  await answers(page).getByText('What would it mean to you if you got a holiday ?').waitFor();
  expect(sockets).toEqual([url.replace('http', 'ws')]);
  const graphiql = page.context().waitForEvent('page');
  await page.getByRole('link', { name: 'GraphiQL' }).click();
  await (await graphiql).getByRole('button', { name: /Execute query/ }).waitFor();
  expect((await graphiql).url()).toBe(url);
  expect(trouble).toEqual([]);
});
