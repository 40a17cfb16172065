import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startServer } from './helpers/server.ts';

const page = readFileSync('docs/tools.md', 'utf8');
const run = promisify(execFile);

/** The code blocks of a language, as they stand there. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code);

test('shows each example with tools as it is', () => {
  const programs = readdirSync('examples').filter((file) => /^tools?-/.test(file));
  expect(programs.length).toBeGreaterThan(0);
  expect(blocks('ts').sort()).toEqual(programs.map((file) => readFileSync(`examples/${file}`, 'utf8')).sort());
});

test('has curl commands that get their answers, without a network', async () => {
  const { url } = await startServer();
  const answers = await Promise.all(
    blocks('sh').map(async (command) => {
      const { stdout } = await run('bash', ['-c', command.replaceAll('http://127.0.0.1:4000', new URL(url).origin)]);
      return JSON.parse(stdout);
    }),
  );
  expect(answers).toMatchObject([
    {
      data: {
        completeChat: {
          finishReason: 'TOOL_CALLS',
          toolCalls: [{ name: 'weather', arguments: { city: expect.any(String) } }],
        },
      },
    },
    { data: { completeChat: { finishReason: 'STOP', text: expect.stringContaining('light rain') } } },
    { data: { completeChat: { finishReason: 'STOP', object: { city: expect.any(String) }, objectProblems: [] } } },
    { url: expect.stringMatching(/^media:/), mediaType: 'image/png' },
  ]);
});
