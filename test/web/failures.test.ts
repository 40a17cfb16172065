import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { answers, ask, openPlayground } from '../helpers/playground.ts';

test('a failure whose provider asks to wait says how long, and so does the button that retries', async () => {
  const { page, upstream, trouble } = await openPlayground();
  await ask(page, 'Hello');
  (await upstream.exchange()).reply({ status: 429, headers: { 'retry-after': '3' }, body: '{}' });
  await page.getByRole('alert').getByText('It asks to wait 3 s.').waitFor();
  await page.getByRole('button', { name: /^Retry in [123] s$/ }).waitFor();
  await page.getByRole('button', { name: 'Retry', exact: true }).waitFor();
  expect(await page.getByText('It asks to wait').count()).toBe(0);
  await answers(page).getByText('After one try').click();
  await answers(page).getByText('asks to wait 3 s').waitFor();
  expect(trouble).toEqual([]);
});

const MODEL = { id: 'acme/acme-1', name: 'acme-1', provider: { id: 'acme', name: 'Acme' } };
const GONE = {
  __typename: 'ChatFailed',
  seq: 0,
  code: 'MODEL_GONE',
  message: 'Acme does not have the model',
  retryable: false,
  retryAfterMs: null,
  attempts: [{ model: MODEL, code: 'MODEL_GONE', message: 'Gone', durationMs: 5, retryAfterMs: null }],
};

/** Answers every chat with one event, in place of the server. */
function answerWith(page: Page, chat: object): Promise<void> {
  return page.routeWebSocket(/graphql/, (socket) => {
    socket.onMessage((message) => {
      const { id, type, payload } = JSON.parse(String(message));
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}');
      if (type !== 'subscribe' || !payload.query.includes('chat(')) return;
      socket.send(JSON.stringify({ id, type: 'next', payload: { data: { chat } } }));
      socket.send(JSON.stringify({ id, type: 'complete' }));
    });
  });
}

test('a model that its provider has no longer is told as that, with another one as the way on', async () => {
  const { page, trouble } = await openPlayground();
  await answerWith(page, GONE);
  await page.reload();
  await ask(page, 'Hello');
  const alert = page.getByRole('alert');
  await alert.getByText('The provider does not have this model').waitFor();
  await alert.getByText('Choose another model.').waitFor();
  expect(trouble).toEqual([]);
});
