import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { answers, ask, openPlayground } from '../helpers/playground.ts';

const eliza = { defaults: { chat: 'local/eliza' } };

async function copy(page: Page, name: string): Promise<string> {
  await page.getByRole('button', { name, exact: true }).click();
  await page.getByRole('button', { name: 'Copied' }).waitFor();
  return page.evaluate('navigator.clipboard.readText()') as Promise<string>;
}

/** Runs what was copied, where the packages that it imports are found, until it has told the last that it is to tell. */
async function run(name: string, code: string, last: string): Promise<string> {
  const folder = mkdtempSync('node_modules/.snippet-');
  writeFileSync(`${folder}/snippet.mjs`, code);
  const [file, ...args] =
    name === 'curl' ? (['bash', '-c', code] as const) : [process.execPath, `${folder}/snippet.mjs`];
  const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => {
    child.kill();
    rmSync(folder, { recursive: true });
  });
  let told = '';
  for await (const text of child.stdout.setEncoding('utf8')) {
    told += text;
    if (told.includes(last)) break;
  }
  return told;
}

describe.for(['curl', 'fetch', 'urql', 'Apollo'])('what is copied as %s', (name) => {
  test('gets the same chat', async () => {
    const { page } = await openPlayground({ config: eliza });
    await ask(page, "It's `me`, ${you} and \\ I need a holiday");
    await answers(page).locator('.facts').waitFor();
    await page.getByRole('button', { name: 'Show the query' }).click();
    const stdout = await run(name, await copy(page, name), 'ChatFinished');
    expect(stdout).toContain('ChatStarted');
    expect(stdout).toContain('ChatFinished');
  });

  test('makes the same picture', async () => {
    const { page } = await openPlayground();
    await page.getByRole('link', { name: 'Pictures' }).click();
    await page.getByLabel('What the picture is to show').fill("A cat's dream");
    await page.getByRole('button', { name: 'Show the query' }).click();
    expect(await run(name, await copy(page, name), 'GeneratedImages')).toContain('GeneratedImages');
  });
});

test('the key is not copied along', async () => {
  const { page } = await openPlayground({ config: { ...eliza, auth: { keys: ['secret-key'] } } });
  const dialog = page.getByRole('dialog', { name: 'This server needs a key' });
  await dialog.getByLabel('Key', { exact: true }).fill('secret-key');
  await page.keyboard.press('Enter');
  await dialog.waitFor({ state: 'hidden' });
  await ask(page, 'Hello');
  await answers(page).locator('.facts').waitFor();
  await page.getByRole('button', { name: 'Show the query' }).click();
  const curl = await copy(page, 'curl');
  expect(curl).not.toContain('secret-key');
  expect(await run('curl', `MODELQL_KEY=secret-key; ${curl}`, 'ChatFinished')).toContain('ChatFinished');
});
