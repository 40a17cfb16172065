import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../src/providers/chat.ts';
import { runCommand } from '../helpers/command.ts';
import { finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';
import { startServer } from '../helpers/server.ts';
import { writeFile } from '../helpers/written-file.ts';

const PNG = readFileSync('docs/images/chat.png');
const PDF = '%PDF-1.7\n%%EOF\n';

async function startScripted() {
  const requests: ChatRequest[] = [];
  const provider = scriptedProvider(async function* (request) {
    requests.push(request);
    yield text('I see.');
    yield finish();
  });
  const config = { auth: { keys: ['a-key'] }, defaults: { chat: 'scripted/model' } };
  const { url } = await startServer({ config, providers: [provider] });
  return { args: ['--url', url, '--key', 'a-key'], requests };
}

describe('files that are attached', () => {
  test('go along with the question, each as what its bytes are', async () => {
    const { args, requests } = await startScripted();
    const files = [
      writeFile('holiday.txt', PNG),
      writeFile('paper', PDF),
      writeFile('speech.bin', 'RIFF\x24\0\0\0WAVEfmt '),
      writeFile('notes.md', '# Notes\n'),
    ];
    const attach = files.flatMap((file) => ['--attach', file]);
    const { code, stdout } = await runCommand(['chat', ...args, ...attach, 'What is this?']).exit;
    expect([code, stdout]).toEqual([0, 'I see.\n']);
    expect(requests[0]?.messages).toMatchObject([
      {
        role: 'USER',
        parts: [
          { type: 'image', url: `data:image/png;base64,${PNG.toString('base64')}` },
          { type: 'file', url: `data:application/pdf;base64,${btoa(PDF)}`, name: 'paper' },
          { type: 'audio', url: expect.stringMatching(/^data:audio\/wav;base64,/), name: 'speech.bin' },
          { type: 'file', url: `data:text/plain;base64,${btoa('# Notes\n')}`, name: 'notes.md' },
          { type: 'text', text: 'What is this?' },
        ],
      },
    ]);
  });

  test.for([
    ['that is empty', 'empty.png', '', /empty/],
    ['that no model takes', 'files.zip', 'PK\x03\x04\0\0', /expected a picture, sound, a PDF or text/],
  ] as const)('a file %s is wrong usage', async ([, name, content, message]) => {
    const { code, stdout, stderr } = await runCommand(['chat', '--attach', writeFile(name, content), 'hi']).exit;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  test('a file that is not there is wrong usage', async () => {
    const { code, stderr } = await runCommand(['chat', '--attach', '/no/such/file', 'hi']).exit;
    expect([code, stderr]).toEqual([2, expect.stringContaining('ENOENT')]);
  });

  test('are refused by a model that is known not to take them', async () => {
    const { code, stderr } = await runCommand(['chat', '--attach', writeFile('a.png', PNG), 'hi']).exit;
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^modelql: .*'local\/eliza'/)]);
  });
});
