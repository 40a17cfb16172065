import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { ChatRequest } from '../../src/providers/chat.ts';
import { type CommandOptions, runCommand } from '../helpers/command.ts';
import { startCuttingProxy } from '../helpers/cutting-proxy.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';
import { startServer } from '../helpers/server.ts';

const HOLIDAY = 'What would it mean to you if you got a holiday ?\n';
const FAST = { MODELQL_URL: '', MODELQL_CONFIG: join(import.meta.dirname, 'fast.json') };
const chat = (args: readonly string[], options: CommandOptions = {}) =>
  runCommand(['chat', ...args], { ...options, environment: { ...FAST, ...options.environment } }).exit;

/** A running server with a model that answers with these words, and the requests it got. */
async function startScripted(...words: readonly string[]) {
  const requests: ChatRequest[] = [];
  const provider = scriptedProvider(async function* (request) {
    requests.push(request);
    for (const word of words) yield text(word);
    yield finish();
  });
  const config = { auth: { keys: ['a-key'] }, defaults: { chat: 'scripted/model' } };
  const { url } = await startServer({ config, providers: [provider] });
  return { url, requests };
}

/** A running server whose upstream is in the test's hands. */
async function startUpstream(limits = {}) {
  const upstream = await startFakeUpstream((exchange) => exchange.begin());
  const server = await startServer({ config: { providers: { aichats: { baseUrl: upstream.url } }, limits } });
  const { port, cut } = await startCuttingProxy(Number(new URL(server.url).port));
  const command = runCommand(['chat', '--url', `http://127.0.0.1:${port}`, '-m', 'aichats/gpt-4', 'hello']);
  return { upstream, cut, command, exchange: await upstream.exchange() };
}

describe('a question', () => {
  test('is answered by a server of its own, on standard output and with nothing beside it', async () => {
    expect(await chat(['I need', 'a holiday'])).toEqual({ code: 0, stdout: HOLIDAY, stderr: '' });
  });

  test.for([
    ['is standard input where there are no words', [], 'I need a holiday\n'],
    ['holds standard input where it says "-"', ['Well,', '-'], 'I need a holiday\n'],
  ] as const)('%s', async ([, words, input]) => {
    expect(await chat(words, { input })).toEqual({ code: 0, stdout: HOLIDAY, stderr: '' });
  });

  test('goes to a running server with its key, the model and the system message that were asked for', async () => {
    const { url, requests } = await startScripted('Yes', '.');
    const environment = { MODELQL_URL: new URL(url).origin, MODELQL_KEY: 'a-key' };
    const { code, stdout } = await chat(['--model', 'model', '--system', 'Be brief', 'Well?'], { environment });
    expect([code, stdout]).toEqual([0, 'Yes.\n']);
    expect(requests).toMatchObject([
      {
        model: 'model',
        messages: [
          { role: 'SYSTEM', parts: [{ text: 'Be brief' }] },
          { role: 'USER', parts: [{ text: 'Well?' }] },
        ],
      },
    ]);
  });

  test('prints the events with --json, one a line', async () => {
    const { stdout } = await chat(['--json', 'I need a holiday']);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events[0]).toMatchObject({ __typename: 'ChatStarted', seq: 0, model: { id: 'local/eliza' } });
    expect(events.map(({ text = '' }) => text).join('')).toBe(HOLIDAY.trimEnd());
    expect(events.at(-1)).toMatchObject({ __typename: 'ChatFinished', finishReason: 'STOP' });
  });

  test('is answered whole, once and by one call of the upstream, when its connection is cut in the middle', async () => {
    const { upstream, exchange, command, cut } = await startUpstream();
    await exchange.send('data: One, \n', 'data: two, \n');
    await command.says('One, two,');
    cut();
    await exchange.send('data: three.\n');
    exchange.end();
    expect(await command.exit).toEqual({ code: 0, stdout: 'One, two, three.\n', stderr: '' });
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('is dropped by Ctrl-C: the upstream is let go, what was said stays, and the exit code is 130', async () => {
    const { exchange, command } = await startUpstream();
    await exchange.send('data: One, \n', 'data: two, \n');
    await command.says('One, two,');
    command.child.kill('SIGINT');
    await exchange.closed;
    expect(await command.exit).toEqual({ code: 130, stdout: 'One, two,\n', stderr: '' });
  });
});

describe('a failure ends with 1 and a message', () => {
  test('of a model that breaks off', async () => {
    const { exchange, command } = await startUpstream();
    await exchange.send('data: One, \n', 'data: two, \n');
    await command.says('One, two,');
    exchange.breakOff();
    const { code, stdout, stderr } = await command.exit;
    expect([code, stdout]).toEqual([1, 'One, two,\n']);
    expect(stderr).toMatch(/^modelql: .*AiChats.* \([A-Z_]+\)\n$/);
  });

  test('of a connection that is lost until the chat is forgotten: the text stays, and no second answer is begun', async () => {
    const { upstream, exchange, command, cut } = await startUpstream({ resumeGraceMs: 1 });
    await exchange.send('data: One, \n', 'data: two, \n');
    await command.says('One, two,');
    cut();
    const { code, stdout, stderr } = await command.exit;
    expect([code, stdout]).toEqual([1, 'One, two,\n']);
    expect(stderr).toMatch(
      /^modelql: the rest of the answer is lost; ask again for another one\n {2}There is no chat .*\n$/,
    );
    expect(upstream.exchanges).toHaveLength(1);
  });

  test.for([
    ['of a name that names nothing', ['--model', 'elizza', 'hi'], /There is no model 'elizza'.*local\/eliza/],
    ['of a server that is not there', ['--url', 'http://127.0.0.1:9', 'hi'], /127\.0\.0\.1:9.* ECONNREFUSED/],
    [
      'of a picture that cannot be written',
      ['--image', '--output', '/no/such/folder/x.svg', 'hi'],
      /cannot be written: ENOENT/,
    ],
    ['of a configuration that is wrong', ['--config', '/no/such/file', 'hi'], /\/no\/such\/file: ENOENT/],
  ] as const)('%s', async ([, args, message]) => {
    const { code, stdout, stderr } = await chat(args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(message);
  });

  test('of a key that is not known', async () => {
    const { url } = await startScripted();
    const { code, stderr } = await chat(['--url', url, '--key', 'another', 'hi']);
    expect([code, stderr]).toEqual([1, `modelql: ${url} wants another key: --key, or MODELQL_KEY\n`]);
  });
});

describe('wrong usage ends with 2 and a message', () => {
  test.for([
    [['chat', '--nonsense'], /unknown option '--nonsense'/],
    [['chat', '--url', 'nowhere', 'hi'], /--url.*http:\/\/127\.0\.0\.1:4000/],
    [['chat', '--image', '--system', 'x', 'hi'], /cannot be used with/],
    [['chat', '--image', '--effort', 'low', 'hi'], /cannot be used with/],
    [['chat', '--effort', 'huge', 'hi'], /Allowed choices are none, minimal, low, medium, high, max/],
    [['chta'], /Did you mean chat\?/],
    [['chat'], /no question/],
  ] as const)('%s', async ([args, message]) => {
    const { code, stdout, stderr } = await runCommand(args, { input: '' }).exit;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

describe('a picture', () => {
  test('is written to a file that is named after it, or to the one that is named', async () => {
    const { exit, folder } = runCommand(['chat', '--image', 'A harbour,', 'at dawn!']);
    expect(await exit).toEqual({ code: 0, stdout: 'a-harbour-at-dawn.svg\n', stderr: '' });
    expect(readFileSync(join(folder, 'a-harbour-at-dawn.svg'), 'utf8')).toMatch(/^<svg /);
    const named = runCommand(['chat', '--image', 'A harbour', '--output', 'harbour.svg']);
    expect(await named.exit).toMatchObject({ code: 0, stdout: 'harbour.svg\n' });
    expect(readdirSync(named.folder)).toEqual(['harbour.svg']);
  });

  test('in a chat is written to a file too', async () => {
    const { exit, folder } = runCommand(['chat', '--model', 'local/pattern', 'a tower']);
    expect(await exit).toMatchObject({ code: 0, stdout: 'a-tower.svg\n' });
    expect(readdirSync(folder)).toEqual(['a-tower.svg']);
  });

  test('is told as the API tells it with --json', async () => {
    const { stdout } = await chat(['--image', '--json', 'a tower']);
    expect(JSON.parse(stdout)).toMatchObject({
      __typename: 'GeneratedImages',
      images: [{ mediaType: 'image/svg+xml' }],
    });
  });
});
