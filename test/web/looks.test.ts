import { describe, expect, test } from 'vitest';
import { isWithinWidth, keep, LOOKS, obstaclesOn } from '../helpers/looks.ts';
import { answers, ask, endWith, openPlayground, pick, say } from '../helpers/playground.ts';

const ANSWER = `Subscriptions fit because an answer **arrives in pieces**:

1. The client subscribes once.
2. Each piece is an event with its \`offset\`.
3. One last event says how it ended.

| event | when |
| --- | --- |
| \`ChatStarted\` | with the first part |
| \`ChatDelta\` | for each piece |
| \`ChatFinished\` | at the end, once |

\`\`\`ts
for await (const { chat } of client.iterate({ query, variables })) {
  if (chat.__typename === 'ChatDelta') process.stdout.write(chat.text); // as it comes
}
\`\`\`

> Deltas joined are the answer.

It costs $5 to $10, and takes $O(n)$ steps:

$$
\\sum_{i=1}^{n} \\text{length}_i = \\frac{1}{2} \\int_0^1 f(x)\\,dx + \\sqrt{a^2 + b^2} + \\alpha + \\beta + \\gamma + \\delta + \\epsilon + \\zeta
$$
`;

describe.for(LOOKS)('in $scheme, $width px wide', ({ scheme, width }) => {
  const browser = { colorScheme: scheme, viewport: { width, height: 800 } };
  const name = (what: string) => `${what}-${scheme}-${width}`;

  test('everything is in reach', async () => {
    const { page, upstream, trouble } = await openPlayground({ browser });
    await page.getByText('What is on your mind?').waitFor();
    await keep(page, name('welcome'));
    expect(await obstaclesOn(page)).toEqual([]);

    await ask(page, 'Why do GraphQL subscriptions fit chat models?');
    const exchange = await upstream.exchange();
    await say(exchange, ANSWER);
    await answers(page).locator('table').waitFor();
    await endWith(exchange, { prompt_tokens: 12, completion_tokens: 180, total_tokens: 192 });
    await answers(page).locator('.facts').waitFor();
    await answers(page).locator('.hljs').waitFor();
    await answers(page).locator('.katex-display').waitFor();
    await keep(page, name('chat'));
    expect(await obstaclesOn(page)).toEqual([]);
    expect(await isWithinWidth(page)).toBe(true);

    await page.getByRole('button', { name: '+ Compare' }).click();
    await page.locator('.picker [role=option]').first().waitFor();
    await keep(page, name('picker'));
    expect(await obstaclesOn(page)).toEqual([]);
    await pick(page, 'eliza');
    await ask(page, 'And what is left to wish for?');
    (await upstream.exchange(1)).reply({ status: 503, body: '{}' });
    await page.getByRole('alert').waitFor();
    await answers(page).last().locator('.facts').waitFor();
    await keep(page, name('side-by-side'));
    expect(await obstaclesOn(page)).toEqual([]);

    await page.getByRole('button', { name: 'Show the query' }).last().click();
    await page.getByRole('heading', { name: 'Variables' }).waitFor();
    await keep(page, name('query'));
    expect(await obstaclesOn(page)).toEqual([]);
    await page.keyboard.press('Escape');

    if (width < 800) await page.getByRole('button', { name: 'Pages and conversations' }).click();
    await keep(page, name('side'));
    expect(await obstaclesOn(page)).toEqual([]);
    await page.getByRole('link', { name: 'Pictures' }).click();
    await page.getByLabel('What the picture is to show').fill('A quiet harbour at dawn');
    await page.getByLabel('How many').fill('3');
    await page.getByRole('button', { name: 'Make them' }).click();
    await page.getByRole('img', { name: 'A quiet harbour at dawn' }).nth(2).waitFor();
    await keep(page, name('pictures'));
    expect(await obstaclesOn(page)).toEqual([]);
    expect(await isWithinWidth(page)).toBe(true);
    expect(trouble).toEqual([]);
  });

  test('the page has the colours that are wished for', async () => {
    const { page } = await openPlayground({ browser });
    const isDark = async () => {
      const colour = String(await page.evaluate('getComputedStyle(document.body).backgroundColor'));
      return Math.max(...(colour.match(/\d+/g) ?? []).map(Number)) < 128;
    };
    expect(await isDark()).toBe(scheme === 'dark');
    if (width < 800) return;
    await page.getByLabel('Colours').selectOption(scheme === 'dark' ? 'light' : 'dark');
    await page.reload();
    expect(await isDark()).toBe(scheme !== 'dark');
  });
});
