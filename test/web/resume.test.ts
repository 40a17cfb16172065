import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { type CuttingProxy, startCuttingProxy } from '../helpers/cutting-proxy.ts';
import { answers, ask, endWith, openPlayground, say } from '../helpers/playground.ts';

/** The variables of every chat that the page subscribes to, as they go over the wire. */
function followSubscriptions(page: Page): { readonly input: { readonly id: string }; readonly after?: number }[] {
  const sent: { input: { id: string }; after?: number }[] = [];
  page.on('websocket', (socket) =>
    socket.on('framesent', ({ payload }) => {
      const { type, payload: operation } = JSON.parse(String(payload));
      if (type === 'subscribe' && operation.query.includes('chat(')) sent.push(operation.variables);
    }),
  );
  return sent;
}

/** The playground on a server that keeps chats for so long, over a connection that can be cut. */
async function openFragile({ resumeGraceMs }: { readonly resumeGraceMs: number }) {
  let proxy: CuttingProxy | undefined;
  const playground = await openPlayground({
    config: { limits: { resumeGraceMs } },
    async through(port) {
      proxy = await startCuttingProxy(port);
      return proxy.port;
    },
  });
  const sent = followSubscriptions(playground.page);
  await playground.page.reload(); // Its sockets are followed from their beginning.
  return { ...playground, sent, cut: () => proxy?.cut() };
}

const LOST = 'The rest of the answer is lost';

test('after each loss of the connection the page asks for what came after the last event that it heard', async () => {
  const { page, upstream, sent, cut, trouble } = await openFragile({ resumeGraceMs: 20_000 });
  await ask(page, 'Count to four.');
  const exchange = await upstream.exchange();
  await say(exchange, 'One, ');
  await answers(page).getByText('One,').waitFor();
  for (const [words, all] of [
    ['two, ', 'One, two,'],
    ['three, ', 'One, two, three,'],
  ] as const) {
    cut();
    await page.getByText('The connection is lost. Trying again').waitFor();
    await say(exchange, words);
    await answers(page).getByText(all).waitFor();
  }
  await say(exchange, 'four.');
  await endWith(exchange);
  await answers(page).locator('.facts').waitFor();
  expect(await answers(page).locator('.markdown').textContent()).toBe('One, two, three, four.\n');
  expect(sent.map(({ after }) => after)).toEqual([undefined, 1, 2]);
  expect(new Set(sent.map(({ input }) => input.id)).size).toBe(1);
  expect(upstream.exchanges).toHaveLength(1);
  expect(trouble).toEqual([]);
});

test('where the server has forgotten the chat, what came stays, nothing is asked again, and Retry asks anew', async () => {
  const { page, upstream, sent, cut, trouble } = await openFragile({ resumeGraceMs: 1 });
  await ask(page, 'Count to two.');
  const exchange = await upstream.exchange();
  await say(exchange, 'One, ');
  await answers(page).getByText('One,').waitFor();
  cut();
  await page.getByRole('alert').getByText(LOST).waitFor();
  await answers(page).getByText('One,').waitFor();
  expect(upstream.exchanges).toHaveLength(1);

  await page.getByRole('button', { name: 'Retry' }).click();
  const again = await upstream.exchange(1);
  await say(again, 'One, two.');
  await endWith(again);
  await answers(page).getByText('One, two.').waitFor();
  expect(await page.getByText(LOST).count()).toBe(0);
  expect(sent.map(({ after }) => after)).toEqual([undefined, 1, undefined]);
  expect(sent[2]?.input.id).not.toBe(sent[0]?.input.id);
  expect(trouble).toEqual([]);
});

test('a page that is opened again asks for what came after what it has kept', async () => {
  const { page, upstream, sent, trouble } = await openFragile({ resumeGraceMs: 20_000 });
  await ask(page, 'Count to two.');
  const exchange = await upstream.exchange();
  await say(exchange, 'One, ');
  await answers(page).getByText('One,').waitFor();
  await page.reload();
  await answers(page).getByText('One,').waitFor();
  await say(exchange, 'two.');
  await endWith(exchange);
  await answers(page).getByText('One, two.').waitFor();
  expect(sent.map(({ after }) => after)).toEqual([undefined, expect.any(Number)]);
  expect(upstream.exchanges).toHaveLength(1);
  expect(trouble).toEqual([]);
});

test('a page that is opened again when the chat is forgotten has what came, and asks for nothing anew', async () => {
  const { page, upstream, trouble } = await openFragile({ resumeGraceMs: 1 });
  await ask(page, 'Count to two.');
  const exchange = await upstream.exchange();
  await say(exchange, 'One, ');
  await answers(page).getByText('One,').waitFor();
  await page.reload();
  await page.getByRole('alert').getByText(LOST).waitFor();
  await answers(page).getByText('One,').waitFor();
  expect(upstream.exchanges).toHaveLength(1);
  expect(trouble).toEqual([]);
});
