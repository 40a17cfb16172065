import { describe, expect, test } from 'vitest';
import { ADVICE } from '../../src/cli/advice.ts';
import { runCommand } from '../helpers/command.ts';
import { type Exchange, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { configFile, NOBODY } from '../helpers/server-process.ts';

const SECRET = 'sk-very-secret';
const OFF = Object.fromEntries(['websim', 'aichats', 'chatgptfree'].map((id) => [id, { enabled: false }]));
const JSON_TYPE = { 'content-type': 'application/json' };

/** Lists two models, and answers chats of one. */
function fine({ url, body, reply }: Exchange) {
  if (url.includes('/models'))
    return reply({ headers: JSON_TYPE, body: '{ "data": [{ "id": "tiny" }, { "id": "big" }] }' });
  const { model } = JSON.parse(body) as { model: string };
  if (model !== 'tiny')
    return reply({
      status: 404,
      headers: JSON_TYPE,
      body: '{ "error": { "message": "no such model", "code": "model_not_found" } }',
    });
  const choice = { index: 0, delta: { content: 'Yes' }, finish_reason: 'length' };
  return reply({
    headers: { 'content-type': 'text/event-stream' },
    body: `data: ${JSON.stringify({ choices: [choice] })}\n\ndata: [DONE]\n\n`,
  });
}

const refusing = ({ reply }: Exchange) =>
  reply({ status: 401, headers: JSON_TYPE, body: '{ "error": { "message": "Incorrect API key" } }' });
const empty = ({ reply }: Exchange) => reply({ headers: JSON_TYPE, body: '{ "data": [] }' });

const entry = ({ url }: { readonly url: string }, more: object = {}) => ({
  type: 'openai-compatible',
  baseUrl: `${url}/v1`,
  apiKey: SECRET,
  ...more,
});

async function check(args: readonly string[], providers: object) {
  const config = configFile({ providers: { ...OFF, local: { wordDelayMs: 0 }, ...providers } });
  const told = await runCommand(['check', '--config', config, ...args]).exit;
  expect(told.stdout + told.stderr).not.toContain('secret');
  return told;
}

/** What is told of each provider by `--json`, by its id. */
const parse = (stdout: string): Record<string, Record<string, unknown>> =>
  Object.fromEntries(
    stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
      .map(({ id, ...rest }) => [id, rest]),
  );

describe('of providers that do not all answer', () => {
  const start = async () => {
    const hanging = await startFakeUpstream(() => {});
    const upstreams = {
      fine: entry(await startFakeUpstream(fine)),
      wrong: entry(await startFakeUpstream(refusing)),
      nobody: entry({ url: `http://${NOBODY}` }, { baseUrl: `http://${NOBODY}/v1?key=${SECRET}` }),
      hanging: entry(hanging),
      empty: entry(await startFakeUpstream(empty)),
    };
    return { hanging, upstreams };
  };

  test('it tells which, why and what to do, and ends with 1', async () => {
    const { hanging, upstreams } = await start();
    const { code, stdout, stderr } = await check(['--timeout', '5'], upstreams);
    expect([code, stderr]).toEqual([1, '']);
    const host = String.raw`127\.0\.0\.1:\d+`;
    const failed = (id: string, message: RegExp, advice: keyof typeof ADVICE) => [
      expect.stringMatching(new RegExp(`^FAILED +${id} +openai-compatible +${host} +no models +\\d+ ms$`)),
      expect.stringMatching(new RegExp(`^ +.*${message.source}.* \\(${advice}\\)$`)),
      `        ${ADVICE[advice]}`,
    ];
    expect(stdout.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/^not asked +local +built in +- +2 chat, 1 image +-$/),
      expect.stringMatching(new RegExp(`^ok +fine +openai-compatible +${host} +2 chat +\\d+ ms$`)),
      ...failed('wrong', /wrong answered 401/, 'UNAUTHORIZED'),
      ...failed('nobody', /nobody could not be reached/, 'UNREACHABLE'),
      ...failed('hanging', /hanging did not list its models within 5 s/, 'TIMEOUT'),
      ...failed('empty', /empty lists no model/, 'NO_MODELS'),
    ]);
    await hanging.allClosed();
  });

  test('it says the same as JSON, a provider a line, and chats with those that have a model', async () => {
    const { upstreams } = await start();
    const { hanging: _, ...answering } = upstreams;
    const { code, stdout } = await check(['--json', '--chat'], answering);
    expect(code).toBe(1);
    expect(parse(stdout)).toMatchObject({
      local: { ok: true, chatModel: 'local/eliza', problem: null },
      fine: { ok: true, chatModel: 'fine/tiny', models: { chat: 2, image: 0 }, ms: expect.any(Number) },
      wrong: { ok: false, chatModel: null, problem: { code: 'UNAUTHORIZED', advice: ADVICE.UNAUTHORIZED } },
      nobody: { ok: false, problem: { code: 'UNREACHABLE' } },
      empty: { ok: false, problem: { code: 'NO_MODELS' } },
    });
  });
});

test('what an upstream says stays on its line', async () => {
  const error = { message: 'no\r\n\nok         forged  openai-compatible' };
  const upstream = await startFakeUpstream(({ reply }) => reply({ status: 500, body: JSON.stringify({ error }) }));
  const { stdout } = await check([], { lying: entry(upstream) });
  expect(stdout).toContain('        lying answered 500: no ok         forged  openai-compatible (UNAVAILABLE)\n');
});

test('with --chat it asks the default model for a short answer, and tells what comes of it', async () => {
  const upstream = await startFakeUpstream(fine);
  const silent = await startFakeUpstream((exchange) =>
    exchange.url.includes('/models')
      ? fine(exchange)
      : exchange.begin({ headers: { 'content-type': 'text/event-stream' } }),
  );
  const { code, stdout } = await check(['--chat', '--json', '--timeout', '5'], {
    fine: entry(upstream),
    gone: entry(upstream, { defaultModel: 'big' }),
    silent: entry(silent),
    resting: entry({ url: `http://${NOBODY}` }, { models: ['some'], working: false }),
  });
  expect(code).toBe(1);
  expect(parse(stdout)).toMatchObject({
    fine: { ok: true, chatModel: 'fine/tiny' },
    gone: { ok: false, chatModel: 'gone/big', problem: { code: 'MODEL_GONE', advice: ADVICE.MODEL_GONE } },
    silent: { ok: false, chatModel: 'silent/tiny', problem: { code: 'TIMEOUT', advice: ADVICE.TIMEOUT } },
    resting: { ok: true, chatModel: null, ms: null },
  });
  const chats = upstream.exchanges.filter(({ method }) => method === 'POST').map(({ body }) => JSON.parse(body));
  expect(chats.map(({ model, max_tokens }) => [model, max_tokens]).sort()).toEqual([
    ['big', 16],
    ['tiny', 16],
  ]);
  await silent.allClosed();
});

test('it ends with 0 where all is well, though a limit would let in no more than one', async () => {
  const upstream = await startFakeUpstream(fine);
  const config = configFile({
    providers: { ...OFF, local: { wordDelayMs: 0 }, one: entry(upstream), two: entry(upstream) },
    limits: { requestsPerMinute: 1, maxStreams: 1 },
  });
  const { code, stdout } = await runCommand(['check', '--chat', '--config', config]).exit;
  expect([code, stdout.match(/^\S+/gm)]).toEqual([0, ['ok', 'ok', 'ok']]);
  expect(stdout).toMatch(/^ok +one .* asked one\/tiny$/m);
});

test('a configuration that is wrong is told whole, and nobody is asked', async () => {
  const upstream = await startFakeUpstream(fine);
  const { code, stdout, stderr } = await check([], {
    fine: entry(upstream, { idleTimeoutMs: 0 }),
    other: { type: 'nonsense' },
    third: entry(upstream, { apiKey: '${NOBODY_HAS_THIS}' }),
  });
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^ {2}providers\.fine\.idleTimeoutMs: /m);
  expect(stderr).toMatch(/^ {2}providers\.other\.type: expected one of /m);
  expect(stderr).toMatch(/^ {2}providers\.third\.apiKey: the environment has no 'NOBODY_HAS_THIS'$/m);
  expect(upstream.exchanges).toEqual([]);
});

test('names in it that name nothing are wrong too, and what was asked meanwhile is let go', async () => {
  const upstream = await startFakeUpstream(() => {});
  const config = configFile({ providers: { ...OFF, slow: entry(upstream) }, aliases: { fast: ['local/nope'] } });
  const { code, stderr } = await runCommand(['check', '--config', config]).exit;
  expect(code).toBe(1);
  expect(stderr).toContain("aliases.fast.0: there is no model 'local/nope'");
});

test('without a configuration it checks what the environment offers', async () => {
  const ollama = await startFakeUpstream(({ url, reply }) =>
    reply({ headers: JSON_TYPE, body: url === '/v1/models' ? '{ "data": [{ "id": "llama3.2" }] }' : '{}' }),
  );
  const environment = { OLLAMA_HOST: `127.0.0.1:${ollama.port}` };
  const { code, stdout } = await runCommand(['check'], { environment }).exit;
  expect(code).toBe(0);
  expect(stdout).toMatch(new RegExp(`^ok +ollama +ollama +127\\.0\\.0\\.1:${ollama.port} +1 chat +\\d+ ms$`, 'm'));
});

test.for([[['--timeout', '0']], [['--timeout', 'soon']], [['--url', 'http://127.0.0.1:1']], [['groq']]])(
  '%s is wrong usage',
  async ([args]) => {
    const { code, stdout } = await runCommand(['check', ...(args ?? [])]).exit;
    expect([code, stdout]).toEqual([2, '']);
  },
);
