import { expect, test } from 'vitest';
import { startCuttingProxy } from '../helpers/cutting-proxy.ts';
import { answers, ask, endWith, openPlayground, pick, say } from '../helpers/playground.ts';

const USAGE = { prompt_tokens: 3, completion_tokens: 40, total_tokens: 43 };

test('a chat streams, is stopped, which lets go of the upstream, and is retried', async () => {
  const { page, upstream, trouble } = await openPlayground();
  await ask(page, 'Count to three.');
  const first = await upstream.exchange();
  await say(first, 'One, ');
  await answers(page).getByText('One,').waitFor();
  await say(first, 'two');
  await answers(page).getByText('One, two').waitFor();

  await page.getByRole('button', { name: 'Stop acme/acme-1' }).focus();
  await page.keyboard.press('Enter');
  await first.closed;
  await answers(page).getByText('stopped').waitFor();

  // The button that has stopped it has the focus still, and is the one that retries.
  await page.keyboard.press('Enter');
  const second = await upstream.exchange(1);
  await page.getByLabel('Search conversations').press('Escape'); // Meant for the field, not for the answer.
  await say(second, 'One, two, ');
  await answers(page).getByText('One, two,').waitFor();
  await new Promise((resolve) => setTimeout(resolve, 60)); // For a speed, there has to be a time.
  await say(second, 'three.');
  await endWith(second, USAGE);
  const facts = await answers(page).locator('.facts').textContent();
  expect(facts).toMatch(/first token after \d+ ms · [\d,]+ tokens\/s · 3 in and 40 out tokens · \d+ ms in all/);
  expect(await answers(page).locator('.markdown').textContent()).toBe('One, two, three.\n');
  expect(trouble).toEqual([]);
});

test('an answer that was cut off in the middle goes on by itself, and is paid for once', async () => {
  let cut = () => {};
  const { page, upstream, sockets, trouble } = await openPlayground({
    async through(port) {
      const proxy = await startCuttingProxy(port);
      cut = proxy.cut;
      return proxy.port;
    },
  });
  await ask(page, 'Count to three.');
  const exchange = await upstream.exchange();
  await say(exchange, 'One, ');
  await answers(page).getByText('One,').waitFor();
  cut();
  await page.getByText('The connection is lost. Trying again').waitFor();
  await say(exchange, 'two, ', 'three.');
  await endWith(exchange);
  await answers(page).getByText('One, two, three.').waitFor();
  await answers(page).locator('.facts').waitFor();
  expect(await page.getByText('The connection is lost').count()).toBe(0);
  expect(upstream.exchanges).toHaveLength(1);
  expect(sockets.length).toBeGreaterThan(1);
  expect(trouble).toEqual([]);
});

test('two models answer side by side, over one socket, and each goes on from its own answers', async () => {
  const { page, upstream, sockets, trouble } = await openPlayground();
  await page.getByRole('button', { name: '+ Compare' }).click();
  await pick(page, 'acme-2');
  await ask(page, 'Who are you?');
  const exchanges = await Promise.all([upstream.exchange(0), upstream.exchange(1)]);
  for (const exchange of exchanges) {
    await say(exchange, `I am ${JSON.parse(exchange.body).model}.`);
    await endWith(exchange);
  }
  for (const model of ['acme-1', 'acme-2']) {
    await page
      .getByRole('article', { name: `Answer of acme/${model}` })
      .getByText(`I am ${model}.`)
      .waitFor();
  }
  const [left, right] = await Promise.all([0, 1].map((at) => answers(page).nth(at).boundingBox()));
  expect(left?.y).toBe(right?.y);
  await ask(page, 'Really?');
  const next = await Promise.all([upstream.exchange(2), upstream.exchange(3)]);
  for (const exchange of next) {
    const { model, messages } = JSON.parse(exchange.body);
    expect(messages[1]).toMatchObject({ role: 'assistant', content: `I am ${model}.` });
  }
  expect(sockets).toHaveLength(1);
  expect(trouble).toEqual([]);
});

test('a question is edited and sent again, in place of all after it', async () => {
  const { page, upstream } = await openPlayground();
  for (const [at, question] of ['First?', 'Second?'].entries()) {
    await ask(page, question);
    const exchange = await upstream.exchange(at);
    await say(exchange, `Answer ${at}.`);
    await endWith(exchange);
    await answers(page).getByText(`Answer ${at}.`).waitFor();
    await answers(page).nth(at).locator('.facts').waitFor();
  }
  await page.getByRole('button', { name: 'Edit' }).first().click();
  await page.getByLabel('Edit the question').fill('Other?');
  await page.keyboard.press('Enter');
  const exchange = await upstream.exchange(2);
  expect(JSON.parse(exchange.body).messages).toEqual([{ role: 'user', content: 'Other?' }]);
  expect(await answers(page).count()).toBe(1);
  await expect.poll(() => page.evaluate(() => document.activeElement?.ariaLabel)).toBe('Your question');
});

test('a failure is shown as what it is, with another model as a way on', async () => {
  const { page, upstream, trouble } = await openPlayground();
  await ask(page, 'Hello');
  const exchange = await upstream.exchange();
  exchange.reply({ status: 429, body: '{"error":{"message":"slow down"}}' });
  await page.getByRole('alert').getByText('Asked too often').waitFor();
  await page.getByRole('button', { name: 'Another model' }).click();
  await page.getByRole('option', { name: 'eliza' }).waitFor();
  expect(await page.getByLabel('Models').getByText('has trouble: RATE_LIMITED').count()).toBe(1);
  await pick(page, 'eliza');
  await page.getByRole('article', { name: 'Answer of local/eliza' }).locator('.facts').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  expect(trouble).toEqual([]);
});

test('a name that reaches several models says which one answered, and after which tries', async () => {
  const { page, upstream, trouble } = await openPlayground({
    config: { aliases: { doctor: ['acme/acme-1', 'local/eliza'] } },
  });
  await page.getByRole('button', { name: /^Model:/ }).click();
  await page.getByText('The first of several that answers').waitFor();
  await pick(page, 'doctor');
  await ask(page, 'I need a holiday');
  (await upstream.exchange()).reply({ status: 503, body: '{}' });
  const answer = page.getByRole('article', { name: 'Answer of local/eliza' });
  await answer.getByText('After one try').click();
  await answer.getByText('UNAVAILABLE').waitFor();
  expect(trouble).toEqual([]);
});

const MARKDOWN = `## Plan

1. **Read** it
2. \`run\` it

| a | b |
| - | -: |
| 1 | 2 |

\`\`\`ts
const answer: number = 42;
\`\`\`

- [x] done

<details>
<summary>More</summary>

\`\`\`py
folded = 1
\`\`\`
</details>

up<br>down

<img src=x onerror="document.title = 'owned'"> ![eye](https://elsewhere.example/eye.png) [link](javascript:alert(1))
`;

test('Markdown is shown with code in colours and to be copied, and runs and loads nothing', async () => {
  const { page, upstream, trouble } = await openPlayground();
  await ask(page, 'Show me.');
  const exchange = await upstream.exchange();
  for (const piece of MARKDOWN.match(/[\s\S]{1,7}/g) ?? []) await say(exchange, piece);
  await endWith(exchange);
  const answer = answers(page);
  await answer.locator('.hljs-keyword', { hasText: 'const' }).waitFor();
  expect(await answer.locator('td').allTextContents()).toEqual(['1', '2']);
  expect(await answer.locator('li strong').textContent()).toBe('Read');
  await answer.getByRole('button', { name: 'Copy', exact: true }).first().click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('const answer: number = 42;\n');
  expect(await answer.getByRole('checkbox', { name: 'Done' }).count()).toBe(1);
  expect(await answer.locator('code', { hasText: 'folded = 1' }).count()).toBe(1);
  expect(
    await answer
      .locator('p', { hasText: /^updown$/ })
      .locator('br')
      .count(),
  ).toBe(1);
  expect(await answer.getByText('<details>').count()).toBe(1);
  expect(await answer.locator('img').count()).toBe(0);
  expect(await answer.getByRole('link', { name: 'eye' }).getAttribute('href')).toBe(
    'https://elsewhere.example/eye.png',
  );
  expect(await answer.locator('a[href^="javascript"]').count()).toBe(0);
  expect(await page.title()).toBe('Show me. · modelql');
  expect(trouble).toEqual([]);
});

test('reasoning is open while there is nothing else, and folded away after that', async () => {
  const { page, upstream } = await openPlayground();
  await ask(page, 'Think.');
  const exchange = await upstream.exchange();
  await exchange.begin({ headers: { 'content-type': 'text/event-stream' } });
  await exchange.send('data: {"choices":[{"index":0,"delta":{"reasoning_content":"Hmm, let me see"}}]}\n\n');
  await answers(page).getByText('Hmm, let me see').waitFor();
  await say(exchange, 'Done.');
  await endWith(exchange);
  await answers(page).getByText('Done.').waitFor();
  expect(await answers(page).getByText('Hmm, let me see').isVisible()).toBe(false);
  await answers(page).getByText('Reasoned').click();
  await answers(page).getByText('Hmm, let me see').waitFor();
});

test('a mistake in the request is told in the words of the server', async () => {
  const { page, trouble } = await openPlayground();
  await page.evaluate("localStorage.setItem('modelql-models', JSON.stringify(['acme/acme-9']))");
  await page.reload();
  await ask(page, 'Hello');
  await page.getByRole('alert').getByText("There is no model 'acme/acme-9'").waitFor();
  await page.getByRole('button', { name: 'Send' }).waitFor();
  expect(trouble).toEqual([]);
});
