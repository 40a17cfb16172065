import { existsSync } from 'node:fs';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll, onTestFinished } from 'vitest';

const USUAL_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/snap/bin/chromium',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** It talks to nobody but the pages that are opened in it. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

let browser: Promise<Browser> | undefined;

/** One browser for each file of tests, with a profile of its own. */
function launch(): Promise<Browser> {
  const executablePath = USUAL_PLACES.find((place) => existsSync(place));
  if (!executablePath) {
    throw new Error(
      `These tests need Chromium (apt-get install chromium). None of these is there: ${USUAL_PLACES.join(', ')}`,
    );
  }
  return chromium.launch({ executablePath, args: FLAGS, headless: true });
}

afterAll(async () => {
  await (await browser)?.close();
  browser = undefined;
});

export interface OpenedPage {
  readonly page: Page;
  /** What should not be: errors on the console, exceptions, requests to other hosts. */
  readonly trouble: readonly string[];
  /** Every WebSocket there has been. */
  readonly sockets: readonly string[];
}

/** Opens a page in a fresh profile, until the test has finished. */
export async function openPage(url: string, options: BrowserContextOptions = {}): Promise<OpenedPage> {
  browser ??= launch();
  const context = await (await browser).newContext({
    viewport: { width: 1200, height: 800 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
    ...options,
  });
  onTestFinished(() => context.close());
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  const trouble: string[] = [];
  const sockets: string[] = [];
  const { host } = new URL(url);
  page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
  page.on('pageerror', (error) => trouble.push(String(error)));
  page.on('websocket', (socket) => sockets.push(socket.url()));
  context.on('request', (request) => {
    const to = new URL(request.url());
    if (/^(https?|wss?):$/.test(to.protocol) && to.host !== host) trouble.push(`asked ${to.host}`);
  });
  await page.goto(url);
  return { page, trouble, sockets };
}
