import { expect, test } from 'vitest';
import { answers, ask, endWith, openPlayground, say } from '../helpers/playground.ts';

const ANSWER = `It takes $O(n)$ steps, and costs $5 to $10; with \\(x_1 = \\frac{a}{b}\\):

$$
\\begin{aligned}
\\int_0^1 f(x)\\,dx &= \\sqrt{\\sum_{i=1}^n a_i^2} \\\\
= y &\\color{red}{+ z}
\\end{aligned}
$$

- \`$code$\` and [a $link$](https://elsewhere.example/?$x$)
- \\[ \\left( \\begin{matrix} 1 & 0 \\\\ 0 & 1 \\end{matrix} \\right) \\] **and** $\\mathbb{R}$

$\\nosuchcommand{x}$ and $\\def\\a{\\a\\a}\\a$ and $\\href{javascript:alert(1)}{y}$ stay.
`;

test('formulas are set as they come, prices stay text, and what sets them is loaded once there is one', async () => {
  const { page, upstream, trouble } = await openPlayground();
  const loaded: string[] = [];
  page.on('request', (request) => void loaded.push(new URL(request.url()).pathname));
  await ask(page, 'Without');
  await say(await upstream.exchange(), 'It costs $5 to $10.');
  await endWith(await upstream.exchange());
  await answers(page).locator('.facts').waitFor();
  expect(loaded.filter((path) => /katex|set-formulas/i.test(path))).toEqual([]);

  await ask(page, 'With');
  const exchange = await upstream.exchange(1);
  await say(exchange, 'So $x^*');
  const answer = answers(page).last();
  await answer.getByText('So $x^*', { exact: true }).waitFor();
  await say(exchange, '_1$ is $y');
  await answer.locator('.katex').waitFor();
  expect(await answer.locator('.katex').count()).toBe(1);
  await say(exchange, '$.\n\n');
  for (const piece of ANSWER.match(/[\s\S]{1,9}/g) ?? []) await say(exchange, piece);
  await endWith(exchange);
  await answer.locator('.facts').waitFor();

  await expect.poll(() => answer.locator('.katex').count()).toBe(7);
  expect(await answer.locator('.katex-display').count()).toBe(2);
  for (const text of ['costs $5 to $10; with', '$\\nosuchcommand{x}$', '$\\def\\a{\\a\\a}\\a$', '\\href']) {
    expect(await answer.getByText(text).count()).toBe(1);
  }
  expect(await answer.locator('code', { hasText: '$code$' }).count()).toBe(1);
  expect(await answer.getByRole('link', { name: 'a $link$' }).getAttribute('href')).toContain('?$x$');
  expect(await answer.locator('[href^="javascript"]').count()).toBe(0);
  // The bar of a fraction is where its style says, though the page lets no style be written as text.
  expect(
    await answer
      .locator('.katex .vlist > span')
      .first()
      .evaluate((span) => getComputedStyle(span).top),
  ).not.toBe('auto');
  await page.evaluate('document.fonts.ready');
  expect(loaded.filter((path) => /KaTeX.*woff2$/.test(path)).length).toBeGreaterThan(0);
  if (process.env.SCREENSHOTS) await page.screenshot({ path: `${process.env.SCREENSHOTS}/mathematics.png` });
  expect(trouble).toEqual([]);
});

test('formulas in reasoning are set too', async () => {
  const { page, upstream, trouble } = await openPlayground();
  await ask(page, 'Think.');
  const exchange = await upstream.exchange();
  await exchange.begin({ headers: { 'content-type': 'text/event-stream' } });
  await exchange.send('data: {"choices":[{"index":0,"delta":{"reasoning_content":"Let $x = 1$, so"}}]}\n\n');
  await answers(page).locator('.reasoning .katex').waitFor();
  expect(trouble).toEqual([]);
});

test('a formula that would be too much stays text, and the page goes on', async () => {
  const { page, upstream, trouble } = await openPlayground();
  await ask(page, 'All of it.');
  const exchange = await upstream.exchange();
  const huge = [
    `$$${'x+'.repeat(100_000)}x$$`,
    `$$${'\\sqrt{'.repeat(1000)}x${'}'.repeat(1000)}$$`,
    `$$${'\\left('.repeat(370)}x${'\\right)'.repeat(370)}$$`,
    `$$${'x^{'.repeat(1000)}x${'}'.repeat(1000)}$$`,
    `$$${'\\rm '.repeat(1200)}x$$`,
    `$$${'\\begin{matrix}'.repeat(170)}x${'\\end{matrix}'.repeat(170)}$$`,
    '$\\def\\a{\\b\\b}\\def\\b{\\a\\a}\\a$',
    '$\\rule{9000em}{9000em}$ $\\kern{-500em}x$',
  ];
  await say(exchange, `${huge.join('\n\n')}\n\nSo $y$ it is.`);
  await endWith(exchange);
  const answer = answers(page);
  await answer.locator('p', { hasText: 'it is.' }).locator('.katex').waitFor();
  await answer.locator('.facts').waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth <= document.documentElement.clientWidth')).toBe(
    true,
  );
  await ask(page, 'Are you there?');
  await upstream.exchange(1);
  expect(trouble).toEqual([]);
});
