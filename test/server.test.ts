import { connect } from 'node:net';
import { createClient } from 'graphql-ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
import { openWith, readAll, readStatus, UPGRADE } from './helpers/raw-http.ts';
import { configFile, run } from './helpers/server-process.ts';

const SLOW = { providers: { local: { wordDelayMs: 5000 } } };
const CHAT =
  'subscription { chat(input: { messages: [{ role: USER, content: "hello" }] }) { __typename ... on ChatFailed { code } } }';

async function startSse(url: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
  return fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query: CHAT }) });
}

test('names its URL in the first line of its log, and nothing on standard error', async () => {
  const { first, child, exit } = run(['--port', '0']);
  const { url, msg } = await first;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  expect(msg).toContain(url);
  child.kill('SIGTERM');
  expect(await exit).toMatchObject({ code: 0, stderr: '' });
});

test('takes port and configuration from the environment, and lets flags win', async () => {
  const environment = { PORT: '1', MODELQL_CONFIG: configFile({ server: { host: '127.0.0.2', port: 2 } }) };
  const { url } = await run(['--port', '0'], environment).first;
  expect(url).toMatch(/^http:\/\/127\.0\.0\.2:\d{4,}$/);
});

test('tells that it is alive and ready', async () => {
  const { url } = await run(['--port', '0']).first;
  expect(await Promise.all(['/health', '/ready'].map(async (path) => (await fetch(`${url}${path}`)).status))).toEqual([
    200, 200,
  ]);
});

describe('a start that cannot be', () => {
  test('lists all the problems of the configuration and ends with 1', async () => {
    const file = configFile({ server: { port: -1 }, limits: { maxMessages: 'many' } });
    const { code, stdout, stderr } = await run(['--config', file]).exit;
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/server\.port: .*\n.*limits\.maxMessages: /);
  });

  test.for([
    ['--port', 'many', 'server.port'],
    ['--nonsense', 'x', '--nonsense'],
    ['--log-level', 'loud', '--log-level'],
    ['--config', '/no/such/file', '/no/such/file'],
  ])('names %s %s', async ([flag, value, named]) => {
    const { code, stderr } = await run([flag ?? '', value ?? '']).exit;
    expect(code).toBe(1);
    expect(stderr).toContain(named);
  });

  test('names the defaults and aliases that name no model', async () => {
    const file = configFile({
      defaults: { chat: 'local/elizza', image: 'local/eliza' },
      aliases: { fast: ['local/eliza', 'local/fast'] },
    });
    const { code, stderr } = await run(['--config', file]).exit;
    expect(code).toBe(1);
    expect(stderr).toMatch(/defaults\.chat: There is no model 'local\/elizza'/);
    expect(stderr).toMatch(/defaults\.image: .*'local\/eliza' is a chat model/);
    expect(stderr).toMatch(/aliases\.fast\.1: there is no model 'local\/fast'/);
  });

  test('names a port that is taken', async () => {
    const { url } = await run(['--port', '0']).first;
    const { code, stderr } = await run(['--port', new URL(String(url)).port]).exit;
    expect(code).toBe(1);
    expect(stderr).toContain('EADDRINUSE');
  });
});

describe('without a configuration file, on an address that others reach', () => {
  const HOST = '0.0.0.0';
  const statusWith = async (origin: unknown, key?: string) => {
    const headers = key === undefined ? {} : { authorization: `Bearer ${key}` };
    return (await fetch(`${origin}/graphql?query={__typename}`, { headers })).status;
  };

  test('a key is made and told on standard error alone: it lets in who has it, after a reload too', async () => {
    const { first, child, lines } = run(['--port', '0'], { HOST });
    const told = new Promise<string>((resolve) => child.stderr?.once('data', (data) => resolve(String(data))));
    const { url } = await first;
    const [, key = ''] = /^ {2}(\S{32,})$/m.exec(await told) ?? [];
    expect([await statusWith(url), await statusWith(url, 'other'), await statusWith(url, key)]).toEqual([
      401, 401, 200,
    ]);
    child.kill('SIGHUP');
    await expect.poll(() => lines.some((line) => line.includes('was reloaded'))).toBe(true);
    expect(await statusWith(url, key)).toBe(200);
    expect(lines.join()).not.toContain(key);
  });

  test('MODELQL_KEY is the key where there is one', async () => {
    const { first, child, exit } = run(['--port', '0'], { HOST, MODELQL_KEY: 'sesame-sesame' });
    const { url } = await first;
    expect([await statusWith(url), await statusWith(url, 'sesame-sesame')]).toEqual([401, 200]);
    child.kill('SIGTERM');
    expect(await exit).toMatchObject({ code: 0, stderr: '' });
  });

  test('a file without keys is no such case', async () => {
    const { code, stderr } = await run(['--config', configFile({})], { HOST, MODELQL_KEY: 'sesame-sesame' }).exit;
    expect(code).toBe(1);
    expect(stderr).toContain('server.host');
  });
});

describe('a stop', () => {
  test('ends streams that outlive the grace in SHUTTING_DOWN, over SSE and WebSocket, and exits with 0', async () => {
    const { first, child, exit } = run([
      '--port',
      '0',
      '--config',
      configFile({ ...SLOW, limits: { shutdownGraceMs: 300 } }),
    ]);
    const url = String((await first).url);
    const sse = await startSse(url);
    const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, retryAttempts: 0 });
    const closed = new Promise((resolve) => client.on('closed', (event) => resolve((event as CloseEvent).code)));
    const last = client.iterate<{ chat: unknown }>({ query: CHAT }).next();
    const idle = connect(Number(new URL(url).port), '127.0.0.1');
    onTestFinished(() => void idle.destroy());
    await new Promise((resolve) => client.on('connected', resolve));
    // A query on the same socket is answered after the subscription has begun.
    await client.iterate({ query: '{ __typename }' }).next();

    child.kill('SIGTERM');
    const failed = { data: { chat: { __typename: 'ChatFailed', code: 'SHUTTING_DOWN' } } };
    expect((await last).value).toEqual(failed);
    expect(await sse.text()).toContain(`data: ${JSON.stringify(failed)}\n\nevent: complete`);
    expect(await closed).toBe(1001);
    expect((await exit).code).toBe(0);
  });

  test('lets a stream end within the grace, refuses new operations meanwhile, and is not ready', async () => {
    const upstream = await startFakeUpstream(({ begin }) => begin());
    const config = configFile({
      providers: { aichats: { baseUrl: upstream.url, working: true } },
      defaults: { chat: 'aichats/gpt-4' },
      limits: { shutdownGraceMs: 120_000 },
    });
    const { first, child, exit } = run(['--port', '0', '--config', config]);
    const url = String((await first).url);
    const sse = await startSse(url);
    const exchange = await upstream.exchange();
    child.kill('SIGTERM');
    await expect.poll(async () => (await fetch(`${url}/ready`)).status).toBe(503);
    const refused = await startSse(url);
    expect(refused.status).toBe(503);
    expect(refused.headers.get('connection')).toBe('close');
    const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, retryAttempts: 0 });
    await expect(client.iterate({ query: CHAT }).next()).rejects.toMatchObject({ code: 1013 });
    expect((await fetch(`${url}/health`)).status).toBe(200);
    await exchange.send('data: Hello\n');
    exchange.end();
    expect(await sse.text()).toContain('ChatFinished');
    expect((await exit).code).toBe(0);
  });

  test('asked for again, later, is a stop at once', async () => {
    const { first, lines, child, exit } = run(['--port', '0', '--config', configFile(SLOW)]);
    const url = String((await first).url);
    const sse = await startSse(url);
    child.kill('SIGINT');
    await expect.poll(() => lines.some((line) => line.includes('"stopping"'))).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 600)); // Later is what it has to be.
    child.kill('SIGINT');
    expect((await exit).code).toBe(1);
    await expect(sse.text()).rejects.toThrow(); // Read only now: it is what the server waited for.
  });

  test('by Ctrl-C under npm, which sends two signals together, is one stop', async () => {
    const config = configFile({ ...SLOW, limits: { shutdownGraceMs: 300 } });
    const { first, child, exit } = run(['--port', '0', '--config', config]);
    const sse = await startSse(String((await first).url));
    child.kill('SIGINT');
    child.kill('SIGTERM');
    expect(await sse.text()).toContain('SHUTTING_DOWN');
    const { code, stdout } = await exit;
    expect(code).toBe(0);
    expect(
      stdout
        .split('\n')
        .map((line) => JSON.parse(line).msg)
        .slice(1),
    ).toEqual(['stopping', 'operation', 'stopped']);
  });
});

describe('a bad request', () => {
  test('is answered, and the server lives', async () => {
    const url = String((await run(['--port', '0']).first).url);
    const nowhere = ['GET // HTTP/1.1', 'host: localhost', ...UPGRADE];
    expect(await readStatus(await openWith(url, nowhere))).toBe(404);
    for (const host of ['[', 'a b', 'x:y', 'http://x']) {
      const answer = await readAll(await openWith(url, ['GET /graphql HTTP/1.1', `host: ${host}`]));
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).not.toContain('.ts');
    }
    const h2c = [
      'connection: close, Upgrade, HTTP2-Settings',
      'upgrade: h2c',
      'http2-settings: AAMAAABkAAQAoAAAAAIAAAAA',
    ];
    expect(await readStatus(await openWith(url, ['GET /health HTTP/1.1', 'host: localhost', ...h2c]))).toBe(200);
  });
});
