import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../src/providers/chat.ts';
import { runCommand } from '../helpers/command.ts';
import { finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';
import { startServer } from '../helpers/server.ts';
import { writeFile } from '../helpers/written-file.ts';

const PNG = readFileSync('docs/images/chat.png');
const PDF = '%PDF-1.7\n%%EOF\n';

async function startScripted({ limits = {} }: { limits?: object } = {}) {
  const requests: ChatRequest[] = [];
  const provider = scriptedProvider(async function* (request) {
    requests.push(request);
    yield text('I see.');
    yield finish();
  });
  const config = { auth: { keys: ['a-key'] }, defaults: { chat: 'scripted/model' }, limits };
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
    const { code, stdout, stderr } = await runCommand(['chat', ...args, ...attach, 'What is this?']).exit;
    expect([code, stdout, stderr]).toEqual([0, 'I see.\n', '']);
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

  test('go to a server of its own as well', async () => {
    const { code, stderr } = await runCommand(['chat', '--attach', writeFile('a.png', PNG), 'hi']).exit;
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^modelql: input\.messages.*'local\/eliza'/)]);
  });

  test.for([
    ['that is too large', 'a.png', Buffer.concat([PNG, Buffer.alloc(3_000_000)]), /a\.png is refused: .*maxMediaBytes/],
    [
      'that no model takes',
      'a.zip',
      'PK\x03\x04\0\0',
      /no model takes a\.zip: expected a picture, sound, a PDF or text/,
    ],
  ] as const)('a file %s ends with 1, and nothing is asked', async ([, name, content, message]) => {
    const { args, requests } = await startScripted({ limits: { maxMediaBytes: 1_000_000 } });
    const { code, stdout, stderr } = await runCommand(['chat', ...args, '-a', writeFile(name, content), 'hi']).exit;
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
    expect(requests).toEqual([]);
  });

  test.for([
    ['that is not there', () => '/no/such/file', /ENOENT/],
    ['that is empty', () => writeFile('empty.png', ''), /Expected a file that is not empty/],
    ['that is a folder', () => '/', /Expected a file/],
  ] as [string, () => string, RegExp][])('a file %s is wrong usage', async ([, file, message]) => {
    const { code, stdout, stderr } = await runCommand(['chat', '--attach', file(), 'hi']).exit;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });

  test('a server that is not there ends with 1', async () => {
    const args = ['chat', '--url', 'http://127.0.0.1:65534', '--attach', writeFile('a.png', PNG), 'hi'];
    const { code, stderr } = await runCommand(args).exit;
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/a\.png cannot be sent to .*:65534\/media: .*ECONNREFUSED/),
    ]);
  });
});
