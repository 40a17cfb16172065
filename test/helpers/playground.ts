import type { Locator, Page } from 'playwright-core';
import type { Provider } from '../../src/providers/provider.ts';
import { type OpenedPage, openPage } from './browser.ts';
import { type Exchange, type FakeUpstream, startFakeUpstream } from './fake-upstream.ts';
import { DONE, event } from './openai-server.ts';
import { startServer, type TestServer } from './server.ts';

interface Playground extends OpenedPage {
  readonly server: TestServer;
  readonly upstream: FakeUpstream;
  readonly origin: string;
}

interface PlaygroundOptions {
  readonly config?: { readonly providers?: object; readonly [section: string]: unknown };
  /** Instead of those of the configuration. */
  readonly providers?: readonly Provider[];
  readonly browser?: Parameters<typeof openPage>[1];
  /** Between the browser and the server, by its port. */
  readonly through?: (port: number) => Promise<number>;
}

/** The playground in a browser, on a server with two chat models of an upstream that answers as the test says. */
export async function openPlayground({
  config = {},
  providers,
  browser,
  through,
}: PlaygroundOptions = {}): Promise<Playground> {
  const upstream = await startFakeUpstream(() => {});
  const acme = { type: 'openai-compatible', baseUrl: upstream.url, models: ['acme-1', 'acme-2'] };
  const server = await startServer({
    pages: true,
    config: { defaults: { chat: 'acme/acme-1' }, ...config, providers: { acme, ...config.providers } },
    ...(providers ? { providers } : {}),
  });
  const port = Number(new URL(server.url).port);
  const origin = `http://127.0.0.1:${(await through?.(port)) ?? port}`;
  return { ...(await openPage(`${origin}/`, browser)), server, upstream, origin };
}

export async function ask(page: Page, question: string): Promise<void> {
  await page.getByLabel('Your question').fill(question);
  await page.getByRole('button', { name: 'Send' }).waitFor(); // While an answer runs, nothing is sent.
  await page.keyboard.press('Enter');
}

export const answers = (page: Page): Locator => page.getByRole('article');

/** Opens the settings, and waits until they are there. */
export async function openSettings(page: Page): Promise<void> {
  await page.locator('summary', { hasText: 'Settings' }).click();
  await page.getByLabel('Instructions').waitFor();
}

/** Picks a model by its name, in the picker that is open. */
export async function pick(page: Page, name: string): Promise<void> {
  await page.getByLabel('Search models').fill(name);
  await page.keyboard.press('Enter');
}

/** Says these words as an OpenAI-compatible server does. */
export async function say(exchange: Exchange, ...words: readonly string[]): Promise<void> {
  if (!exchange.response.headersSent) await exchange.begin({ headers: { 'content-type': 'text/event-stream' } });
  await exchange.send(...words.map((content) => event({ content })));
}

export async function endWith(exchange: Exchange, usage?: object): Promise<void> {
  await exchange.send(event({}, 'stop', usage ? { usage } : {}), DONE);
  exchange.end();
}
