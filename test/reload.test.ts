import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { describe, expect, onTestFinished, test } from 'vitest';
import { ConfigError, loadConfig } from '../src/config/load.ts';
import { CHAT, type Told } from './helpers/client-suite.ts';
import { overPost, overSse, overWebSocket, type Result, readSse } from './helpers/clients.ts';
import { type Exchange, startFakeUpstream } from './helpers/fake-upstream.ts';
import { startServer, type TestServer } from './helpers/server.ts';
import { configFile, run } from './helpers/server-process.ts';

const messages = [{ role: 'USER', content: 'hello' }];
const ask = (model: string, id?: string) => ({
  query: CHAT,
  variables: { input: { model, messages, ...(id ? { id } : {}) } },
});
const toldOf = (result: Result | undefined) => (result as { data: { chat: Told } }).data.chat;
const textOf = (results: readonly Result[]) => results.map((result) => toldOf(result).text ?? '').join('');

const word = (text: string) => `data: ${JSON.stringify({ choices: [{ delta: { content: text } }] })}\n\n`;
const END = `data: ${JSON.stringify({ choices: [{ delta: {}, finish_reason: 'stop' }] })}\n\ndata: [DONE]\n\n`;
const stream = { headers: { 'content-type': 'text/event-stream' } };

async function startTalker() {
  const upstream = await startFakeUpstream((exchange) => exchange.begin(stream));
  /** @param more settings of its provider */
  const provider = (more: object = {}) => ({
    type: 'openai-compatible',
    baseUrl: upstream.url,
    models: ['talk', 'chatter'],
    ...more,
  });
  const finish = async (exchange: Exchange) => {
    await exchange.send(word('Bye.'), END);
    exchange.end();
  };
  return { upstream, provider, finish };
}

/** Reloads as a process does, from a file. */
function reload(server: TestServer, content: object | string): Promise<readonly string[]> {
  const file = configFile({});
  const withLocal = (config: object) => ({ ...config, server: { port: 0 } });
  writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(withLocal(content)));
  return (async () => server.app.reload(loadConfig({ file, environment: {} })))();
}

test('two hundred streams live through fifty reloads, every other one broken', async () => {
  const { upstream, provider, finish } = await startTalker();
  const generation = (n: number) => ({
    providers: { talker: provider({ headers: { 'x-generation': String(n) } }) },
    aliases: { now: [n % 4 === 0 ? 'talker/talk' : 'talker/chatter'] },
    limits: { maxStreamsPerConnection: 300 },
  });
  const broken = [
    '{ "providers": ',
    { limits: { maxMessages: 'many' } },
    { ...generation(0), aliases: { now: ['talker/nothing'] } },
    { defaults: { chat: 'nobody/nothing' } },
  ];
  const server = await startServer({ config: generation(0) });
  const client = createClient({ url: server.webSocketUrl, retryAttempts: 0 });
  onTestFinished(() => client.dispose());
  const overSocket = async () => {
    const results: Result[] = [];
    for await (const result of client.iterate<Record<string, unknown>>(ask('now'))) results.push(result as Result);
    return results;
  };
  const streams = Array.from({ length: 200 }, (_, at) => (at % 2 ? overSse(server, ask('now')) : overSocket()));
  await expect.poll(() => upstream.exchanges.length).toBe(200);
  const running = [...upstream.exchanges];

  let inForce = 0;
  for (let n = 1; n <= 50; n++) {
    const isBroken = n % 2 === 1;
    if (isBroken) await expect(reload(server, broken[(n >> 1) % 4] ?? {})).rejects.toThrow(ConfigError);
    else await reload(server, generation(n));
    if (!isBroken) inForce = n;
    const asked = upstream.exchange(upstream.exchanges.length);
    const answer = n % 3 ? overPost(server, completeChat('now')) : overSocket();
    const { headers, body, send, end } = await asked;
    expect(headers['x-generation']).toBe(String(inForce));
    expect(JSON.parse(body).model).toBe(inForce % 4 === 0 ? 'talk' : 'chatter');
    await send(word('yes'), END);
    end();
    await answer;
    for (const exchange of running) await exchange.send(word(`${n} `));
  }
  expect(running.some(({ gone }) => gone)).toBe(false);
  for (const exchange of running) await finish(exchange);
  const whole = Array.from({ length: 50 }, (_, at) => `${at + 1} `).join('');
  for (const results of await Promise.all(streams)) {
    expect(textOf(results)).toBe(`${whole}Bye.`);
    expect(toldOf(results.at(-1))).toMatchObject({ __typename: 'ChatFinished', finishReason: 'STOP' });
  }
  await reload(server, {}); // Nobody has the upstream any more.
  await upstream.allClosed();
  expect(upstream.openSockets).toBe(0);
  expect(server.errors()).toEqual([]);
});

const completeChat = (model: string) => ({
  query: 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename ... on ChatAnswer { text } } }',
  variables: { input: { model, messages } },
});

describe('a provider', () => {
  test('that is gone finishes what it runs, which is joined and told of as before', async () => {
    const { upstream, provider, finish } = await startTalker();
    const server = await startServer({ config: { providers: { talker: provider() } } });
    const first = overWebSocket(server, ask('talker/talk', 'kept'));
    const exchange = await upstream.exchange();
    await exchange.send(word('One, '));
    await reload(server, {});
    const refused = await overSse(server, ask('talker/talk'));
    expect(refused).toMatchObject([{ errors: [{ extensions: { code: 'MODEL_NOT_FOUND' } }] }]);
    const joined = readSse(server, {
      query:
        'subscription ($input: ChatInput!) { chat(input: $input) { ... on ChatStarted { model { id provider { id name } } } ... on ChatDelta { text } } }',
      variables: ask('talker/talk', 'kept').variables,
    });
    expect((await joined.next()).value).toMatchObject({
      data: { chat: { model: { id: 'talker/talk', provider: { id: 'talker' } } } },
    });
    await exchange.send(word('two.'));
    await finish(exchange);
    expect(textOf(await first)).toBe('One, two.Bye.');
    for await (const _ of joined);
    await upstream.allClosed();
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('that is gone is still fallen back to by a chat that began before', async () => {
    const failing = await startFakeUpstream((exchange) => exchange.begin());
    const { upstream, provider, finish } = await startTalker();
    const bad = { type: 'openai-compatible', baseUrl: failing.url, models: ['talk'] };
    const config = { providers: { bad, talker: provider() }, aliases: { both: ['bad/talk', 'talker/talk'] } };
    const server = await startServer({ config });
    const told = overSse(server, ask('both'));
    const exchange = await failing.exchange();
    await reload(server, {});
    exchange.breakOff();
    const next = await upstream.exchange();
    await next.send(word('Here.'));
    await finish(next);
    expect(textOf(await told)).toBe('Here.Bye.');
    await Promise.all([failing.allClosed(), upstream.allClosed()]);
  });

  test('that is configured as before keeps its models and its record; another begins anew', async () => {
    const upstream = await startFakeUpstream(({ url, reply }) =>
      url === '/models' ? reply({ body: '{ "data": [{ "id": "talk" }] }' }) : reply({ status: 401 }),
    );
    const lists = () => upstream.exchanges.filter(({ url }) => url === '/models').length;
    const provider = { type: 'openai-compatible', baseUrl: upstream.url };
    const server = await startServer({ config: { providers: { talker: provider } } });
    await server.app.modelsListed(new AbortController().signal);
    await overSse(server, ask('talker/talk'));
    const statusOf = async () => {
      const query = '{ provider(id: "talker") { models { id } health { status lastFailure } } }';
      return (await overPost(server, { query }))[0]?.data?.provider;
    };
    const failed = { models: [{ id: 'talker/talk' }], health: { status: 'DEGRADED', lastFailure: 'UNAUTHORIZED' } };
    expect(await statusOf()).toEqual(failed);
    await reload(server, { providers: { talker: provider }, aliases: { other: ['talker/talk'] } });
    expect(await statusOf()).toEqual(failed);
    expect(lists()).toBe(1);
    await reload(server, { providers: { talker: { ...provider, apiKey: 'right' } } });
    expect(await statusOf()).toEqual({ ...failed, health: { status: 'UNKNOWN', lastFailure: null } });
    expect(lists()).toBe(2);
  });

  test('that takes more calls at once has those who wait let in', async () => {
    const { upstream, provider, finish } = await startTalker();
    const server = await startServer({ config: { providers: { talker: provider({ maxConcurrent: 1 }) } } });
    const both = [overSse(server, ask('talker/talk')), overSse(server, ask('talker/talk'))];
    await upstream.exchange();
    await reload(server, { providers: { talker: provider({ maxConcurrent: 2 }) } });
    for (const at of [0, 1]) await finish(await upstream.exchange(at));
    for (const results of await Promise.all(both)) {
      expect(toldOf(results.at(-1)).__typename).toBe('ChatFinished');
    }
  });
});

describe('a key', () => {
  const config = (...keys: object[]) => ({ auth: { keys } });
  const old = { name: 'old', key: 'old-secret' };
  const other = { name: 'other', key: 'other-secret' };
  const bearer = ({ key }: { key: string }) => ({ authorization: `Bearer ${key}` });

  test('that is gone ends its sockets with 4403, and its streams; those of others go on', async () => {
    const { upstream, provider, finish } = await startTalker();
    const providers = { talker: provider() };
    const server = await startServer({ config: { ...config(old, other), providers } });
    const closed = Promise.withResolvers<{ code: number }>();
    const client = createClient({
      url: server.webSocketUrl,
      retryAttempts: 0,
      connectionParams: bearer(old),
      on: { closed: (event) => closed.resolve(event as { code: number }) },
    });
    const lost = Promise.withResolvers<unknown>();
    client.subscribe(ask('talker/talk'), { next() {}, error: lost.resolve, complete() {} });
    const ended = overSse(server, ask('talker/talk'), bearer(old));
    ended.catch(() => {});
    await upstream.exchange(1);
    const kept = [overWebSocket, overSse].map((over) => over(server, ask('talker/talk'), bearer(other)));
    await upstream.exchange(3);
    await reload(server, { ...config(other), providers });
    expect(await closed.promise).toMatchObject({ code: 4403 });
    await lost.promise;
    await expect(ended).rejects.toThrow();
    await Promise.all(upstream.exchanges.slice(0, 2).map(({ closed }) => closed));
    for (const at of [2, 3]) await finish(await upstream.exchange(at));
    for (const results of await Promise.all(kept)) expect(toldOf(results.at(-1)).__typename).toBe('ChatFinished');
    expect(await overPost(server, { query: '{ __typename }' }, bearer(old))).toMatchObject([
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
  });

  test('whose secret is another is another key, and its name goes on', async () => {
    const server = await startServer({ config: config(old) });
    const renewed = { ...old, key: 'new-secret' };
    await reload(server, config(renewed));
    const [refused, let_in] = await Promise.all(
      [old, renewed].map((key) => overPost(server, { query: '{ __typename }' }, bearer(key))),
    );
    expect(refused).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
    expect(let_in).toEqual([{ data: { __typename: 'Query' } }]);
  });
});

test('a key without a name is called as before, whatever is gone from before it, and has its chats', async () => {
  const { upstream, provider, finish } = await startTalker();
  const providers = { talker: provider() };
  const server = await startServer({ config: { auth: { keys: ['first-secret', 'second-secret'] }, providers } });
  const id = randomUUID();
  const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
  const begun = overSse(server, ask('talker/talk', id), bearer('second-secret'));
  const exchange = await upstream.exchange();
  await reload(server, {
    auth: { keys: ['second-secret', 'third-secret', { name: 'key-3', key: 'named' }] },
    providers,
  });
  const joined = overSse(server, ask('talker/talk', id), bearer('second-secret'));
  for (const key of ['third-secret', 'named']) await overPost(server, { query: '{ __typename }' }, bearer(key));
  await finish(exchange);
  for (const results of await Promise.all([begun, joined])) expect(textOf(results)).toBe('Bye.');
  expect(upstream.exchanges).toHaveLength(1);
  const names = server.log.filter(({ msg }) => msg === 'operation').map(({ key }) => key);
  expect(names.toSorted()).toEqual(['key-2', 'key-2', 'key-3', 'key-4']);
});

test('a stop does not wait for lists of models that reloads wait for', async () => {
  const silent = await startFakeUpstream(() => {});
  const server = await startServer();
  const entry = { type: 'openai-compatible', baseUrl: silent.url };
  // Each of them would wait for two seconds: longer than a test may take, all together.
  const changes = Array.from({ length: 40 }, (_, n) => reload(server, { providers: { [`silent-${n}`]: entry } }));
  await silent.exchange();
  await server.app.stop();
  await Promise.all(changes);
  await silent.allClosed();
});

describe('limits', () => {
  test('are those of now, for who comes and for who is there', async () => {
    const server = await startServer();
    const client = createClient({ url: server.webSocketUrl, lazy: false, retryAttempts: 0 });
    onTestFinished(() => client.dispose());
    const long = ask('eliza');
    long.variables.input.messages = [{ role: 'USER', content: 'x'.repeat(2000) }];
    const overSocket = async () => {
      const results: Result[] = [];
      try {
        for await (const result of client.iterate<Record<string, unknown>>(long)) results.push(result as Result);
        return results;
      } catch (error) {
        return [{ errors: error }];
      }
    };
    expect(await overSocket()).not.toHaveLength(0);
    await reload(server, { limits: { maxBodyBytes: 1000 } });
    const refused = [{ errors: [{ extensions: { code: 'REQUEST_ENTITY_TOO_LARGE' } }] }];
    expect(await overSocket()).toMatchObject(refused);
    const longer = { ...completeChat('eliza'), variables: long.variables };
    expect(await overPost(server, longer)).toMatchObject(refused);
    await reload(server, { limits: { requestsPerMinute: 1 } });
    const [first, second] = [await overPost(server, longer), await overPost(server, longer)];
    expect(first[0]?.errors?.[0]?.extensions?.code).not.toBe('RATE_LIMITED');
    expect(second).toMatchObject([{ errors: [{ extensions: { code: 'RATE_LIMITED' } }] }]);
  });
});

test('says what only a restart changes, and changes the rest', async () => {
  const server = await startServer();
  const next = { server: { port: 1, path: '/ai' }, log: { format: 'pretty' } };
  const file = configFile(next);
  // As often as it is asked to: what runs is still another.
  for (let times = 0; times < 2; times++) {
    expect(await server.app.reload(loadConfig({ file, environment: {} }))).toEqual(['server.port', 'log']);
  }
  const url = server.url.replace('/graphql', '/ai/graphql');
  expect(await overPost({ ...server, url }, { query: '{ __typename }' })).toEqual([{ data: { __typename: 'Query' } }]);
  expect(await reload(server, {})).not.toContain('log'); // As it runs.
});

test('does not open a place to everyone that was served with keys', async () => {
  const keys = ['secret'];
  const server = await startServer({ config: { server: { host: '0.0.0.0' }, auth: { keys } } });
  await expect(reload(server, {})).rejects.toThrow('server.host: it stays 0.0.0.0 until a restart');
  expect(await overPost(server, { query: '{ __typename }' })).toMatchObject([{ errors: [{}] }]);
});

describe('a process', () => {
  const aliased = (alias: string) => ({ aliases: { [alias]: ['local/eliza'] } });
  const hasAlias = async (url: unknown, alias: string) => {
    const query = `{ models { aliases } }`;
    const [result] = await overPost({ url: `${url}/graphql` } as TestServer, { query });
    return JSON.stringify(result).includes(alias);
  };

  test('reloads on SIGHUP, and says what is wrong with a file that it does not take', async () => {
    const file = configFile(aliased('before'));
    const { child, first, lines } = run(['--port', '0', '--config', file]);
    const { url } = await first;
    writeFileSync(file, JSON.stringify(aliased('after')));
    child.kill('SIGHUP');
    await expect.poll(() => lines.join('\n')).toContain('the configuration was reloaded');
    expect(await hasAlias(url, 'after')).toBe(true);
    writeFileSync(file, JSON.stringify({ limits: { maxMessages: 'many' }, nonsense: 1 }));
    child.kill('SIGHUP');
    await expect.poll(() => lines.join('\n')).toContain('the one before stays in force');
    expect(lines.at(-1)).toMatch(/limits\.maxMessages: .*nonsense: not a known setting/);
    expect(await hasAlias(url, 'after')).toBe(true);
  });

  test('is not ended by a SIGHUP while it starts', async () => {
    const file = configFile(aliased('before'));
    const main = join(import.meta.dirname, '../src/cli/main.ts');
    const hang =
      'data:text/javascript,process.nextTick(function hang() { if (process.listenerCount("SIGHUP")) process.kill(process.pid, "SIGHUP"); else setImmediate(hang); })';
    const { first, lines } = run(
      ['serve', '--port', '0', '--config', file],
      {},
      { server: main, flags: ['--import', hang] },
    );
    await first;
    expect(lines[0]).toContain('modelql serves');
  });

  test('takes what stands in the file at last, however often it is told', async () => {
    const file = configFile(aliased('before'));
    const { child, first, lines } = run(['--port', '0', '--config', file]);
    const { url } = await first;
    for (let n = 0; n < 50; n++) {
      writeFileSync(file, n % 2 ? '{ "aliases": ' : JSON.stringify(aliased(`alias-${n}`)));
      child.kill('SIGHUP');
    }
    writeFileSync(file, JSON.stringify(aliased('last')));
    child.kill('SIGHUP');
    await expect.poll(() => hasAlias(url, 'last')).toBe(true);
    expect(lines.length).toBeLessThanOrEqual(1 + 51 + 51);
  });

  test('keeps its keys while the file that it found is not there', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'modelql-'));
    onTestFinished(() => rmSync(cwd, { recursive: true }));
    const file = join(cwd, 'modelql.config.json');
    writeFileSync(file, JSON.stringify({ auth: { keys: ['a-secret'] } }));
    const { child, first, lines } = run(['--port', '0'], {}, { cwd });
    const { url } = await first;
    rmSync(file);
    child.kill('SIGHUP');
    await expect.poll(() => lines.join('\n')).toMatch(/modelql\.config\.json: ENOENT.*the one before stays in force/);
    expect(await overPost({ url: `${url}/graphql` } as TestServer, { query: '{ __typename }' })).toMatchObject([
      { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
    ]);
  });

  test('reloads with --watch as soon as the file has changed', async () => {
    const file = configFile(aliased('before'));
    const { first, lines } = run(['--port', '0', '--watch', '--config', file]);
    const { url } = await first;
    writeFileSync(file, JSON.stringify(aliased('afterwards')));
    await expect.poll(() => lines.join('\n')).toContain('the configuration was reloaded');
    expect(await hasAlias(url, 'afterwards')).toBe(true);
  });
});
