import { describe, expect, test } from 'vitest';
import { TEXT_ONLY } from '../../src/providers/capabilities.ts';
import { give } from '../helpers/given-files.ts';
import { isWithinWidth, keep, LOOKS, obstaclesOn } from '../helpers/looks.ts';
import { answers, ask, openSettings } from '../helpers/playground.ts';
import { finish, text } from '../helpers/scripted-provider.ts';
import { call, callPiece, openStage } from '../helpers/stage.ts';

const OBJECT = {
  name: 'Ada Lovelace',
  born: 1815,
  married: true,
  title: null,
  works: [{ title: 'Notes on the Analytical Engine, with a method to compute the numbers of Bernoulli', year: 1843 }],
};

describe.for(LOOKS)('in $scheme, $width px wide', ({ scheme, width }) => {
  const browser = { colorScheme: scheme, viewport: { width, height: 800 } };

  test('files, calls, objects and sources are in reach', async () => {
    const { page, say, question, trouble } = await openStage({ browser });
    async function look(what: string) {
      await keep(page, `${what}-${scheme}-${width}`);
      expect(await obstaclesOn(page)).toEqual([]);
      expect(await isWithinWidth(page)).toBe(true);
    }
    await give(page, 'paste', 'harbour at dawn.png');
    await give(page, 'drop', 'tides-of-the-whole-year-in-one-long-table.csv');
    await page.getByText('tides-of').waitFor();
    await look('attached');
    await openSettings(page);
    await page.getByLabel('Tools', { exact: true }).fill('[{"name": "weather"},]');
    await look('settings-wrong');
    await page.getByLabel('Tools', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Example: Tools' }).click();
    await page.keyboard.press('Escape');

    await ask(page, 'Is it safe to leave this harbour today?');
    await question(0);
    say(
      text('Let me look at the weather there.'),
      call(0, 'weather', '{"city":"Oslo"}'),
      callPiece(1, 'weather', '{"city":"Berg'),
    );
    await page.getByText('{"city":"Berg').waitFor();
    await look('call-written');
    say(callPiece(1, 'weather', 'en"}'), call(1, 'weather', '{"city":"Bergen"}'), finish({ reason: 'TOOL_CALLS' }));
    await page.getByLabel('Its result').first().fill('{"wind": "4 m/s"}');
    await page.getByLabel('It failed').nth(1).check();
    await look('call-answered');
    await page.getByLabel('How it failed').fill('no such station');
    await page.getByRole('button', { name: 'Go on' }).click();
    await question(1);
    say(
      text('Yes: the wind is weak. Of Bergen nothing is known.'),
      { type: 'source', url: 'https://tides.example/oslo', title: 'Tides at Oslo' },
      finish(),
    );
    await page.getByText('Tides at Oslo').waitFor();
    await answers(page).locator('.facts').waitFor();
    await look('gone-on');

    await page.getByRole('button', { name: 'Edit' }).first().click();
    await look('editing');
    await page.keyboard.press('Escape');

    await openSettings(page);
    await page
      .locator('.settings-box')
      .getByLabel(/^Answer/)
      .selectOption('SCHEMA');
    await page.getByRole('button', { name: 'Example: Schema of the answer' }).click();
    await look('settings');
    await page.keyboard.press('Escape');
    await ask(page, 'Who wrote the first program?');
    await question(2);
    say(text(JSON.stringify(OBJECT)), finish());
    await page.getByRole('list', { name: 'Answer' }).waitFor();
    await answers(page).nth(1).locator('.facts').waitFor();
    await look('object');
    expect(trouble).toEqual([]);
  });

  test('what is grey can be read', async () => {
    const { page } = await openStage({ browser, capabilities: TEXT_ONLY });
    await page.locator('.attach[aria-disabled=true]').click({ force: true });
    await openSettings(page);
    await keep(page, `grey-${scheme}-${width}`);
    expect(await obstaclesOn(page)).toEqual([]);
    expect(await isWithinWidth(page)).toBe(true);
  });
});
