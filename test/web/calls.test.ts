import type { Page } from 'playwright-core';
import { expect, test } from 'vitest';
import { answers, ask, openSettings } from '../helpers/playground.ts';
import { finish, text } from '../helpers/scripted-provider.ts';
import { call, callPiece, openStage } from '../helpers/stage.ts';

const TOOLS = [{ name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } }];

async function enterTools(page: Page, tools: unknown = TOOLS): Promise<void> {
  await openSettings(page);
  await page.getByLabel('Tools', { exact: true }).fill(JSON.stringify(tools));
  await page.keyboard.press('Escape');
}

test('a tool is called while its arguments are written, and answered by hand; the model goes on from there', async () => {
  const { page, say, question, trouble } = await openStage();
  await enterTools(page);
  await ask(page, 'How is the weather in Oslo?');
  expect((await question(0)).tools).toEqual(TOOLS);
  say(text('Let me look. '), callPiece(0, 'weather', '{"ci'));
  const card = page.getByRole('region', { name: 'Call of weather' });
  await card.getByText('{"ci').waitFor();
  say(callPiece(0, 'weather', 'ty":"Oslo"}'), call(0, 'weather', '{"city":"Oslo"}'));
  await card.getByText('"city": "Oslo"').waitFor();
  expect(await card.getByRole('textbox').count()).toBe(0);
  say(finish({ reason: 'TOOL_CALLS', continuation: { dialect: 'scripted', data: { signed: 'thinking' } } }));

  await card.getByLabel('Its result').waitFor();
  expect(await page.getByRole('button', { name: 'Go on' }).isDisabled()).toBe(true);
  await card.getByLabel('Its result').fill('{"celsius": 21}');
  await page.reload(); // What was entered is kept, as all else is.
  await page.getByRole('button', { name: 'Go on' }).click();
  const { messages } = await question(1);
  expect(messages.slice(1)).toEqual([
    {
      role: 'ASSISTANT',
      parts: [{ type: 'text', text: 'Let me look. ' }],
      toolCalls: [{ callId: 'call-0', name: 'weather', argumentsText: '{"city":"Oslo"}' }],
      continuation: { dialect: 'scripted', data: { signed: 'thinking' } },
    },
    {
      role: 'TOOL',
      callId: 'call-0',
      name: 'weather',
      parts: [{ type: 'text', text: '{"celsius": 21}' }],
      isError: false,
    },
  ]);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Stop');
  say(text('It is warm.'), finish());
  await answers(page).getByText('It is warm.').waitFor();
  await answers(page).getByText('Let me look.').waitFor();
  expect(await card.getByText('{"celsius": 21}').count()).toBe(1);
  expect(await answers(page).count()).toBe(1);

  // What is asked next comes after all of it.
  await ask(page, 'And tomorrow?');
  expect((await question(2)).messages.map(({ role }) => role)).toEqual([
    'USER',
    'ASSISTANT',
    'TOOL',
    'ASSISTANT',
    'USER',
  ]);
  say(finish());
  await answers(page).nth(1).locator('.facts').waitFor();

  // Asked anew, the model has the results still; and others can be given.
  await page.getByRole('button', { name: 'Retry' }).first().click();
  expect((await question(3)).messages).toEqual(messages);
  say(text('It is hot.'), finish());
  await answers(page).getByText('It is hot.').waitFor();
  await page.getByRole('button', { name: 'Other results' }).click();
  await card.getByLabel('It failed').check();
  await card.getByLabel('How it failed').fill('no such city');
  await page.keyboard.press('Control+Enter');
  expect((await question(4)).messages[2]).toMatchObject({ isError: true, parts: [{ text: 'no such city' }] });
  say(text('It cannot be told.'), finish());
  await answers(page).getByText('It cannot be told.').waitFor();
  await card.getByText('failed').waitFor();
  expect(trouble).toEqual([]);
});

test('several calls at once want all their results, also of one whose arguments are no object', async () => {
  const { page, say, question, trouble } = await openStage();
  await enterTools(page);
  await ask(page, 'Oslo or Rome?');
  await question(0);
  say(
    callPiece(0, 'weather', '{"city":'),
    callPiece(1, 'weather', 'Ro'),
    callPiece(0, 'weather', '"Oslo"}'),
    call(0, 'weather', '{"city":"Oslo"}'),
    call(1, 'weather', 'Rome'),
    call(2, 'weather', '{}'),
    finish({ reason: 'TOOL_CALLS' }),
  );
  const results = page.getByLabel('Its result');
  await page.getByText('3 of 3 results are missing').waitFor();
  await page.getByText('These arguments are no JSON object.').waitFor();
  await page.getByText('without arguments').waitFor();
  for (const [at, result] of ['cold', 'no city', 'warm'].entries()) {
    expect(await page.getByRole('button', { name: 'Go on' }).isDisabled()).toBe(true);
    await results.nth(at).fill(result);
  }
  await page.getByRole('button', { name: 'Go on' }).click();
  const { messages } = await question(1);
  expect(messages[1]).toMatchObject({ parts: [], toolCalls: [{}, { argumentsText: 'Rome' }, {}] });
  expect(messages.slice(2)).toMatchObject([
    { callId: 'call-0', parts: [{ text: 'cold' }] },
    { callId: 'call-1', parts: [{ text: 'no city' }] },
    { callId: 'call-2', parts: [{ text: 'warm' }] },
  ]);
  say(text('Rome.'), finish());
  await answers(page).getByText('Rome.').waitFor();
  expect(trouble).toEqual([]);
});

test('a call that broke off is not shown as one that is still written', async () => {
  const { page, say } = await openStage();
  await ask(page, 'How is the weather?');
  say(callPiece(0, 'weather', '{"ci'));
  const written = page.getByRole('region', { name: 'Call of weather' }).getByText('{"ci');
  const caret = () => written.evaluate((element) => getComputedStyle(element, '::after').content);
  await written.waitFor();
  expect(await caret()).toBe('"▍"');
  await page.getByRole('button', { name: 'Stop', exact: true }).click();
  await page.getByRole('button', { name: 'Retry' }).waitFor();
  expect(await caret()).toBe('none');
});

test('a question asked in place of results leaves the calls out; a tool that has to be called is called once', async () => {
  const { page, say, question, trouble } = await openStage();
  await enterTools(page);
  await openSettings(page);
  await page.getByLabel(/^Which are called/).selectOption('weather');
  await page.keyboard.press('Escape');
  await ask(page, 'How is the weather?');
  expect((await question(0)).toolChoice).toEqual({ tool: 'weather' });
  say(text('Let me look.'), call(0, 'weather', '{}'), finish({ reason: 'TOOL_CALLS' }));
  await page.getByLabel('Its result').fill('fine');
  await page.getByRole('button', { name: 'Go on' }).click();
  expect((await question(1)).toolChoice).toBeUndefined();
  say(text('And again.'), call(0, 'weather', '{}'), finish({ reason: 'TOOL_CALLS' }));
  await page.getByLabel('Its result').waitFor();
  await ask(page, 'Never mind.');
  const { messages } = await question(2);
  expect(messages.map(({ role }) => role)).toEqual(['USER', 'ASSISTANT', 'TOOL', 'ASSISTANT', 'USER']);
  expect(messages[3]).toMatchObject({ parts: [{ text: 'And again.' }], toolCalls: [] });
  say(finish());
  expect(trouble).toEqual([]);
});

test('tools are checked as they are entered, and while they are wrong nothing is sent', async () => {
  const { page, asked } = await openStage();
  await openSettings(page);
  await page.getByLabel('Tools', { exact: true }).fill('[{"name": "weather",}]');
  await page.locator('.settings-box').getByText('line 1, column 21: property name expected').waitFor();
  await page.keyboard.press('Escape');
  await page.getByText('Look at the settings. Tools: line 1, column 21: property name expected').waitFor();
  await ask(page, 'Hello?');
  expect(await page.getByRole('button', { name: 'Send' }).isDisabled()).toBe(true);
  await openSettings(page);
  await page.getByLabel('Tools', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Example: Tools' }).click();
  await page.keyboard.press('Escape');
  expect(await page.getByText('Look at the settings').count()).toBe(0);
  expect(await page.getByRole('button', { name: 'Send' }).isEnabled()).toBe(true);
  expect(asked).toEqual([]);
});
