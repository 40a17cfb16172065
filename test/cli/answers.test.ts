import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import type { ChatPart, ChatRequest } from '../../src/providers/chat.ts';
import { type CommandOptions, runCommand } from '../helpers/command.ts';
import { finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';
import { startServer } from '../helpers/server.ts';
import { writeFile } from '../helpers/written-file.ts';

/** Asks a running server whose model answers with these parts. */
async function ask(parts: readonly ChatPart[], args: readonly string[] = [], options: CommandOptions = {}) {
  const requests: ChatRequest[] = [];
  const provider = scriptedProvider(async function* (request) {
    requests.push(request);
    yield* parts;
  });
  const { url } = await startServer({ config: { defaults: { chat: 'scripted/model' } }, providers: [provider] });
  const command = ['chat', '--url', url, ...args, 'Well?'];
  return { ...(await runCommand(command, options).exit), requests };
}

const CITY = { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] };
const schema = () => ['--schema', writeFile('city.json', JSON.stringify(CITY))];
const TERMINAL = { terminal: true, environment: { NO_COLOR: '1', TERM: 'xterm' } };
// Only `script`, of util-linux, can give a process a terminal here.
const hasTerminal = spawnSync('script', ['--version']).status === 0;

describe('with --schema', () => {
  test('the object is printed alone, on one line for a pipe, and the schema is what was in the file', async () => {
    const { code, stdout, stderr, requests } = await ask([text('{"city":\n'), text('  "Oslo"}'), finish()], schema());
    expect([code, stdout, stderr]).toEqual([0, '{"city":"Oslo"}\n', '']);
    expect(requests).toMatchObject([{ responseFormat: { type: 'JSON_SCHEMA', schema: CITY } }]);
  });

  test.skipIf(!hasTerminal)('the object is written to be read at a terminal', async () => {
    const { code, stdout } = await ask([text('{"city":"Oslo"}'), finish()], schema(), TERMINAL);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/^\{\r\n {2}"city": "Oslo"\r\n\}\r\n\(scripted\/model, /),
    ]);
  });

  test('an object that does not hold is printed too, with its problems on standard error, and ends with 1', async () => {
    const { code, stdout, stderr } = await ask([text('{"town":"Oslo"}'), finish()], schema());
    expect([code, stdout]).toEqual([1, '{"town":"Oslo"}\n']);
    expect(stderr).toMatch(/^modelql: the answer does not hold to the schema\n {2}.*city.*\n$/);
  });

  test('a file that is no JSON Schema ends with 1, and nothing is asked', async () => {
    const wrong = ['--schema', writeFile('wrong.json', '{"type": "objekt"}')];
    const { code, stdout, stderr, requests } = await ask([], wrong);
    expect([code, stdout, requests]).toEqual([1, '', []]);
    expect(stderr).toMatch(/^modelql: input\.responseFormat\.jsonSchema\.schema: /);
  });

  test('an answer that is no JSON goes to standard error with the problem, and ends with 1', async () => {
    const { code, stdout, stderr } = await ask([text('It is Oslo.'), finish()], schema());
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe('It is Oslo.\nmodelql: the answer does not hold to the schema\n  The answer is no JSON\n');
  });

  test('a refusal goes to standard error, and ends with 1', async () => {
    const refusal = [text('I would rather not.'), finish({ reason: 'CONTENT_FILTER' })];
    const { code, stdout, stderr } = await ask(refusal, schema());
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toBe('I would rather not.\nmodelql: the answer ended early (CONTENT_FILTER)\n');
  });

  test('the events are printed with --json, and the exit code is the same', async () => {
    const { code, stdout } = await ask([text('It is Oslo.'), finish()], [...schema(), '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      __typename: 'ChatFinished',
      object: null,
      objectProblems: ['The answer is no JSON'],
    });
  });

  test.for([
    ['that is no JSON', '{\n  "type": object\n}', /city\.json:2:11: .*not valid JSON/s],
    ['that breaks off', '{ "type":', /city\.json:1:10: Unexpected end of JSON input/],
  ] as const)('a file %s is wrong usage, with the place', async ([, content, message]) => {
    const { code, stdout, stderr } = await runCommand(['chat', '--schema', writeFile('city.json', content), 'hi']).exit;
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(message);
  });
});

test('a model that wants to call tools is told of on standard error, and ends with 1', async () => {
  const call = { index: 0, callId: 'call-1', name: 'weather' };
  const { code, stdout, stderr } = await ask([
    text('Let me see.'),
    { type: 'tool-call-delta', ...call, text: '{"city":"Oslo"}' },
    { type: 'tool-call', ...call, argumentsText: '{"city":"Oslo"}' },
    finish({ reason: 'TOOL_CALLS' }),
  ]);
  expect([code, stdout]).toEqual([1, 'Let me see.\n']);
  expect(stderr).toBe(
    'modelql: the model wants to call weather {"city":"Oslo"}\nmodelql: the terminal has no tools, so that the answer ends here\n',
  );
});

describe('sources', () => {
  const parts: readonly ChatPart[] = [
    text('Oslo.'),
    { type: 'source', url: 'https://example.com/oslo', title: 'Oslo' },
    { type: 'source', url: 'https://example.com/norway', title: null },
    finish(),
  ];

  test.skipIf(!hasTerminal)('stand under the answer at a terminal', async () => {
    const { stdout } = await ask(parts, [], TERMINAL);
    expect(stdout).toContain(
      'Oslo.\r\n(source: Oslo, https://example.com/oslo)\r\n(source: https://example.com/norway)\r\n',
    );
  });

  test('do not stand in a pipe', async () => {
    expect(await ask(parts)).toMatchObject({ code: 0, stdout: 'Oslo.\n', stderr: '' });
  });
});

test('--effort is what the model is asked for', async () => {
  const { code, requests } = await ask([text('Yes.'), finish()], ['--effort', 'max']);
  expect(code).toBe(0);
  expect(requests).toMatchObject([{ reasoningEffort: 'MAX' }]);
});
