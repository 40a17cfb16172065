import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../src/providers/chat.ts';
import { textOf } from '../../src/providers/kit/prompt.ts';
import { runCommand } from '../helpers/command.ts';
import { startCuttingProxy } from '../helpers/cutting-proxy.ts';
import { finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';
import { startServer } from '../helpers/server.ts';
import { writeFile } from '../helpers/written-file.ts';

const CTRL_C = '\x03';
const CTRL_D = '\x04';
const PROMPT = '> ';

const textsOf = ({ messages }: ChatRequest) => messages.map(textOf);

/** A session at a terminal, with a model that repeats what is said, and then waits where that is "wait". */
async function startSession({ limits = {}, args = [] }: { limits?: object; args?: readonly string[] } = {}) {
  const requests: ChatRequest[] = [];
  const provider = scriptedProvider(async function* (request, signal) {
    requests.push(request);
    const said = textsOf(request).at(-1) ?? '';
    yield text(`You said: ${said}`);
    if (said === 'red') yield text('\x1b[31m');
    if (said === 'wait')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    yield finish({ continuation: { dialect: 'scripted', data: said } });
  });
  const config = { defaults: { chat: 'scripted/model' }, limits };
  const { url } = await startServer({ config, providers: [provider] });
  const { port, cut } = await startCuttingProxy(Number(new URL(url).port));
  const session = runCommand(['chat', '--url', `http://127.0.0.1:${port}`, ...args], {
    terminal: true,
    environment: { NO_COLOR: '1', TERM: 'xterm' },
  });
  const prompts = (count: number) => expect.poll(() => session.stdout.split(PROMPT).length - 1).toBe(count);
  await prompts(1);
  return { session, requests, prompts, cut, url };
}

// Only `script`, of util-linux, can give a process a terminal here.
describe.skipIf(spawnSync('script', ['--version']).status !== 0)('a session', () => {
  test('remembers what was said, and is left by Ctrl-D', async () => {
    const { session, requests, prompts } = await startSession();
    session.type('one\r');
    await prompts(2);
    session.type('two\r');
    await prompts(3);
    expect(requests.map(textsOf)).toEqual([['one'], ['one', 'You said: one', 'two']]);
    session.type(CTRL_D);
    expect((await session.exit).code).toBe(0);
  });

  test('goes on after Ctrl-C has stopped an answer, with what was said until then, and is left by another', async () => {
    const { session, requests, prompts } = await startSession();
    session.type('wait\r');
    await session.says('You said: wait');
    session.type(CTRL_C);
    await prompts(2);
    session.type('go on\r');
    await prompts(3);
    expect(requests[1] && textsOf(requests[1])).toEqual(['wait', 'You said: wait', 'go on']);
    session.type(CTRL_C);
    expect((await session.exit).code).toBe(0);
  });

  test('goes on with what was said until then where the rest of an answer is lost', async () => {
    const { session, requests, prompts, cut } = await startSession({ limits: { resumeGraceMs: 1 } });
    session.type('wait\r');
    await session.says('You said: wait');
    cut();
    await session.says('the rest of the answer is lost');
    await prompts(2);
    session.type('go on\r');
    await prompts(3);
    expect(requests.map(textsOf)).toEqual([['wait'], ['wait', 'You said: wait', 'go on']]);
  });

  test('sends what is attached with its first question, and what a model wants to see again with its answer', async () => {
    const { session, requests, prompts } = await startSession({ args: ['--attach', writeFile('a.txt', 'attached')] });
    session.type('one\r');
    await prompts(2);
    session.type('two\r');
    await prompts(3);
    expect(requests[1]?.messages).toMatchObject([
      { role: 'USER', parts: [{ type: 'file', name: 'a.txt' }, { text: 'one' }] },
      { role: 'ASSISTANT', continuation: { dialect: 'scripted', data: 'one' } },
      { role: 'USER', parts: [{ text: 'two' }] },
    ]);
  });

  test('sends what is attached once more where the server has not got it any more', async () => {
    const { session, requests, prompts, url } = await startSession({
      args: ['--attach', writeFile('a.txt', 'attached')],
      limits: { maxMediaStoreBytes: 4096 }, // Of one file: the next takes its place.
    });
    const headers = { 'content-type': 'text/markdown' };
    expect((await fetch(new URL('media', url), { method: 'POST', headers, body: '# Another' })).status).toBe(201);
    session.type('one\r');
    await prompts(2);
    expect(requests.map(({ messages }) => messages)).toMatchObject([[{ parts: [{ type: 'file' }, { text: 'one' }] }]]);
  });

  test('takes lines that are pasted together as one question', async () => {
    const { session, requests } = await startSession();
    session.type('one\rtwo\r');
    await session.says('You said: one');
    expect(requests.map(textsOf)).toEqual([['one\ntwo']]);
  });

  test('shows no control characters of an answer to the terminal', async () => {
    const { session } = await startSession();
    session.type('red\r');
    await session.says('You said: red');
    await session.says('[31m');
    expect(session.stdout).not.toContain('\x1b[31m');
  });
});
