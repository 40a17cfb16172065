import { readFile, writeFile as rewrite } from 'node:fs/promises';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import type { MediaPart } from '../../src/providers/chat.ts';
import { give } from '../helpers/given-files.ts';
import { answers, ask } from '../helpers/playground.ts';
import { finish, text } from '../helpers/scripted-provider.ts';
import { openStage } from '../helpers/stage.ts';
import { writeFile } from '../helpers/written-file.ts';

const mediaOf = (parts: readonly unknown[] | undefined): MediaPart[] =>
  (parts as MediaPart[]).filter(({ type }) => (type as string) !== 'text');

test('a picture is pasted and asked about; it stays with its question, and with the conversation', async () => {
  const { page, say, question, trouble } = await openStage();
  await give(page, 'paste', 'shot.png');
  await page.getByRole('img', { name: 'shot.png' }).waitFor();
  await ask(page, 'What is this?');
  const [message] = (await question(0)).messages;
  expect(message?.parts).toMatchObject([
    { type: 'image', url: expect.stringMatching(/^data:image\/png;base64,/) },
    { type: 'text', text: 'What is this?' },
  ]);
  say(text('A harbour.'), finish());
  await answers(page).locator('.facts').waitFor();
  expect(await page.locator('.composer img').count()).toBe(0);

  await page.reload();
  const picture = page.locator('.question').getByRole('img', { name: 'shot.png' });
  await picture.waitFor();
  expect(await picture.evaluate((image: HTMLImageElement) => image.decode().then(() => image.naturalWidth))).toBe(64);

  // Asked again, and asked anew, it goes along.
  await ask(page, 'Are you sure?');
  expect((await question(1)).messages[0]).toEqual(message);
  say(text('Yes.'), finish());
  await answers(page).nth(1).locator('.facts').waitFor();
  await page.getByRole('button', { name: 'Retry' }).first().click();
  expect((await question(2)).messages).toEqual([message]);
  say(text('A lighthouse.'), finish());
  await answers(page).getByText('A lighthouse.').waitFor();
  await page.getByRole('button', { name: 'Edit' }).first().click();
  await page.getByLabel('Edit the question').fill('And this?');
  await page.keyboard.press('Enter');
  const edited = (await question(3)).messages;
  expect(edited).toHaveLength(1);
  expect(mediaOf(edited[0]?.parts)).toEqual(mediaOf(message?.parts));
  say(text('A pier.'), finish());
  await answers(page).getByText('A pier.').waitFor();
  expect(trouble).toEqual([]);
});

test('files are dropped and chosen, removed again, and sent as what they are', async () => {
  const { page, say, question, trouble } = await openStage();
  await give(page, 'drop', 'table.csv');
  await give(page, 'drop', 'wrong.png');
  await page.getByLabel('Pictures or files').setInputFiles([
    { name: 'paper.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7') },
    { name: 'voice.wav', mimeType: 'audio/wav', buffer: Buffer.from('RIFF\0\0\0\0WAVEfmt ') },
  ]);
  await page.getByText('voice.wav').waitFor();
  await page.getByRole('button', { name: 'Remove wrong.png' }).click();
  await page.getByRole('button', { name: 'Send' }).click(); // Files need no words.
  expect(mediaOf((await question(0)).messages[0]?.parts)).toMatchObject([
    { type: 'file', name: 'table.csv', mediaType: 'text/plain' },
    { type: 'file', name: 'paper.pdf', mediaType: 'application/pdf' },
    { type: 'audio', name: 'voice.wav', mediaType: 'audio/wav' },
  ]);
  say(text('A table.'), finish());
  await answers(page).locator('.facts').waitFor();
  expect(await page.title()).toBe('table.csv · modelql');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.locator('.question').getByText('table.csv').click(),
  ]);
  expect(await readFile(await download.path(), 'utf8')).toBe('a,b\n1,2\n');
  expect(trouble).toEqual([]);
});

test('what is too large, empty, or nothing the model takes, is not attached, and why is said', async () => {
  const { page } = await openStage({ capabilities: { inputs: ['TEXT', 'IMAGE'] } });
  const choose = (name: string, mimeType: string, buffer: Buffer) =>
    page.getByLabel('Pictures or files').setInputFiles({ name, mimeType, buffer });
  await page.evaluate(() => {
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([new Uint8Array(21 * 2 ** 20)], 'vast.png', { type: 'image/png' }));
    document.body.dispatchEvent(new DragEvent('drop', { bubbles: true, dataTransfer }));
  });
  await page.getByText('vast.png has 21 MiB: at most 20 MiB can be attached.').waitFor();
  await choose('none.png', 'image/png', Buffer.alloc(0));
  await page.getByText('none.png is empty.').waitFor();
  await choose('paper.pdf', 'application/pdf', Buffer.from('%PDF-1.7'));
  await page.getByText('scripted/model cannot read files.').waitFor();
  expect(await page.locator('.composer .attachments').count()).toBe(0);
});

test('a file is attached as it was when it was chosen; a folder cannot be', async () => {
  const { page, say, question, trouble } = await openStage();
  const notes = writeFile('notes.txt', 'as chosen');
  await page.getByLabel('Pictures or files').setInputFiles(notes);
  await page.getByText('notes.txt').waitFor();
  await rewrite(notes, 'changed since');
  const browser = await page.context().newCDPSession(page);
  const data = { items: [], files: [dirname(notes)], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await browser.send('Input.dispatchDragEvent', { type, x: 600, y: 400, data });
  }
  await page.getByText(/cannot be read\.$/).waitFor();
  await ask(page, 'What do they say?');
  const [file] = mediaOf((await question(0)).messages[0]?.parts);
  expect(Buffer.from(file?.url.split(',')[1] ?? '', 'base64').toString()).toBe('as chosen');
  say(text('Nothing.'), finish());
  await answers(page).locator('.facts').waitFor();
  await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Export' }).click()]);
  expect(trouble).toEqual([]);
});

test('what browsers do not show as a picture is shown by its name, which is said where the server refuses it', async () => {
  const { page } = await openStage();
  const buffer = Buffer.from('no picture');
  await page.getByLabel('Pictures or files').setInputFiles({ name: 'odd.png', mimeType: 'image/png', buffer });
  await page.locator('.composer').getByText('odd.png').waitFor();
  await ask(page, 'What is this?');
  await page.getByRole('alert').getByText('odd.png: Expected bytes of the type image/png').waitFor();
});

test('of a copied file the bytes are pasted, not the name; of a document the text', async () => {
  const { page } = await openStage();
  await give(page, 'paste', 'page.png', { 'text/plain': 'a page', 'text/html': '<p>a page</p>' });
  await give(page, 'paste', 'shot.png', { 'text/plain': 'shot.png' });
  await page.getByRole('img', { name: 'shot.png' }).waitFor();
  expect(await page.locator('.composer .attachments li').count()).toBe(1);
});

test('bytes go ahead of the question, once for all the models and questions that they are shown to', async () => {
  const { page, say, question, trouble } = await openStage();
  const sent: (string | undefined)[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/media')) sent.push(request.headers()['content-type']);
  });
  await give(page, 'paste', 'shot.png');
  for (const [at, words] of ['What is this?', 'Are you sure?'].entries()) {
    await ask(page, words);
    expect(mediaOf((await question(at)).messages[0]?.parts)).toMatchObject([{ type: 'image' }]);
    say(text('A harbour.'), finish());
    await answers(page).nth(at).locator('.facts').waitFor();
  }
  await page.getByRole('button', { name: 'Show the query' }).first().click();
  await page.getByRole('dialog').getByText('"url": "media:').waitFor();
  expect(sent).toEqual(['image/png']);
  expect(trouble).toEqual([]);
});

test('another tab joins the chat once the bytes have been sent, and sends none itself', async () => {
  const { page, say, question, asked, trouble } = await openStage();
  const other = await page.context().newPage();
  await other.goto(page.url());
  await other.getByLabel('Your question').waitFor();
  let sent = 0;
  page.context().on('request', (request) => {
    if (request.url().endsWith('/media')) sent++;
  });
  await page.route('**/media', async (route) => {
    await other.getByRole('link', { name: 'What is this?' }).click();
    await other.locator('.question').getByRole('img', { name: 'shot.png' }).waitFor();
    await route.continue();
  });
  await give(page, 'paste', 'shot.png');
  await ask(page, 'What is this?');
  await question(0);
  say(text('A harbour.'), finish());
  for (const tab of [page, other]) await answers(tab).getByText('A harbour.').waitFor();
  expect([sent, asked.length]).toEqual([1, 1]);
  expect(trouble).toEqual([]);
});

test('a page that is opened again while bytes were on their way sends them anew', async () => {
  const { page, say, question, trouble } = await openStage();
  const isUnderWay = page.waitForRequest('**/media');
  await page.route('**/media', () => {}, { times: 1 }); // It never gets there.
  await give(page, 'paste', 'shot.png');
  await ask(page, 'What is this?');
  await isUnderWay;
  await page.reload();
  await question(0);
  say(text('A harbour.'), finish());
  await answers(page).getByText('A harbour.').waitFor();
  expect(trouble).toEqual([]);
});

test('bytes that the server has no longer are sent again with the next try', async () => {
  const { page, say, question } = await openStage();
  const expiresAt = new Date(Date.now() + 600_000).toISOString();
  await page.route('**/media', (route) => route.fulfill({ status: 201, json: { url: 'media:gone', expiresAt } }), {
    times: 1,
  });
  await give(page, 'paste', 'shot.png');
  await ask(page, 'What is this?');
  await page.getByRole('alert').waitFor();
  await page.getByRole('button', { name: 'Retry' }).click();
  expect(mediaOf((await question(0)).messages[0]?.parts)).toMatchObject([
    { url: expect.stringMatching(/^data:image\/png/) },
  ]);
  say(text('A harbour.'), finish());
  await answers(page).getByText('A harbour.').waitFor();
});

test('where the server does not take the bytes, its words say why', async () => {
  const { page } = await openStage();
  await page.route('**/media', (route) =>
    route.fulfill({ status: 413, json: { errors: [{ message: 'Expected at most 3 bytes' }] } }),
  );
  await give(page, 'paste', 'shot.png');
  await ask(page, 'What is this?');
  await page.getByRole('alert').getByText('Expected at most 3 bytes').waitFor();
});

test('an export holds what is attached, and brings it back; one of an older page comes in as ever', async () => {
  const { page, say, question, trouble } = await openStage();
  await give(page, 'paste', 'shot.png');
  await ask(page, 'What is this?');
  const [message] = (await question(0)).messages;
  say(text('A harbour.'), finish());
  await answers(page).locator('.facts').waitFor();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export' }).click(),
  ]);
  const exported = await readFile(await download.path(), 'utf8');
  const [bytes] = Object.values(JSON.parse(exported).attachments);
  expect(bytes).toBe(mediaOf(message?.parts)[0]?.url);

  page.on('dialog', (dialog) => void dialog.accept());
  await page.locator('nav .conversations li').hover();
  await page.getByRole('button', { name: 'Delete: What is this?' }).click();
  const bring = (content: object) =>
    page
      .getByLabel('A file of exported conversations')
      .setInputFiles({ name: 'x.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(content)) });
  await bring(JSON.parse(exported));
  await page.getByText('1 brought in.').waitFor();
  await page.getByRole('link', { name: 'What is this?' }).click();
  const picture = page.locator('.question').getByRole('img', { name: 'shot.png' });
  await picture.waitFor();
  await ask(page, 'Are you sure?');
  expect((await question(1)).messages[0]).toEqual(message);
  say(text('Yes.'), finish());
  await answers(page).nth(1).locator('.facts').waitFor();

  await bring(OLDER);
  await page.getByText('1 brought in.').waitFor();
  await page.getByRole('link', { name: 'Tell me of apples' }).click();
  await answers(page).getByText('They are apples.').waitFor();
  await ask(page, 'And of pears?');
  expect((await question(2)).messages.map(({ parts }) => parts)).toEqual(
    ['Tell me of apples', 'They are apples.', 'And of pears?'].map((said) => [{ type: 'text', text: said }]),
  );
  expect((await question(2)).temperature).toBe(0.5);
  say(finish());
  expect(trouble).toEqual([]);
});

/** As the first version exported it. */
const OLDER = {
  kind: 'modelql-conversations',
  version: 1,
  conversations: [
    {
      id: 'older',
      title: 'Tell me of apples',
      changedAt: 1,
      settings: { system: '', temperature: 0.5, maxTokens: null, restarts: false },
      turns: [
        {
          id: 'turn',
          question: 'Tell me of apples',
          answers: [
            {
              id: 'answer',
              asked: null,
              input: null,
              askedAt: 1,
              seq: 2,
              state: 'finished',
              text: 'They are apples.',
              reasoning: '',
              pictures: [],
              model: { id: 'acme/acme-1', name: 'acme-1', provider: { id: 'acme', name: 'Acme' } },
              attempts: [],
              finished: { finishReason: 'STOP', rawFinishReason: 'stop', length: 16, usage: null, durationMs: 1 },
              failure: null,
            },
          ],
        },
      ],
    },
  ],
};
