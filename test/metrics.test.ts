import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { text as readText } from 'node:stream/consumers';
import { ROOT_CONTEXT } from '@opentelemetry/api';
import { Registry } from 'prom-client';
import { describe, expect, test } from 'vitest';
import { Config } from '../src/config/schema.ts';
import type { Model } from '../src/gateway/model.ts';
import { ProviderError } from '../src/providers/errors.ts';
import { createCallMetrics } from '../src/telemetry/call-metrics.ts';
import { createModelLabels } from '../src/telemetry/model-labels.ts';
import { toProviderName } from '../src/telemetry/provider-names.ts';
import { overPost, overSse, overWebSocket, readSse } from './helpers/clients.ts';
import { parseExposition, scrape, valuesOf } from './helpers/exposition.ts';
import { type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { flood, unreadOverSse } from './helpers/flood.ts';
import { answerWith, event } from './helpers/openai-server.ts';
import { finish, scriptedProvider, text } from './helpers/scripted-provider.ts';
import { startServer, type TestServer } from './helpers/server.ts';
import { configFile, run } from './helpers/server-process.ts';

const telemetry = { metrics: true };
const messages = [{ role: 'USER', content: 'hello' }];
const CHAT = `subscription Ask($input: ChatInput!, $after: Int) { chat(input: $input, after: $after) {
  __typename ... on ChatStarted { id } ... on ChatDelta { seq text } ... on ChatFailed { code } } }`;
const ask = (more: object = {}) => ({ query: CHAT, variables: { input: { messages, ...more } } });
const typeOf = (result: unknown) => (result as { data?: { chat: { __typename: string } } }).data?.chat.__typename;

/** A server with a provider `shop` of the type `openai`, whose upstream does what the plays say. */
async function startShop(
  plays: Play | readonly [Play, ...Play[]],
  { provider = {}, ...config }: Record<string, object> = {},
) {
  const upstream = await startFakeUpstream(plays);
  const shop = {
    type: 'openai',
    api: 'chat',
    baseUrl: upstream.url,
    apiKey: 'secret-key-0123',
    models: ['m', 'm-2026'],
    attempts: 1,
    ...provider,
  };
  const server = await startServer({
    config: { telemetry, defaults: { chat: 'shop/m' }, providers: { shop }, ...config },
  });
  return { upstream, server };
}

/** Two pieces of text, how many tokens they took, and the model that said it. */
const answerOf = (model: string) =>
  answerWith(
    event({ content: 'Hel' }, null, { model }),
    event({ content: 'lo' }, null, { model, x: 1 }),
    event({}, 'stop', { model, usage: { prompt_tokens: 5, completion_tokens: 70, total_tokens: 75 } }),
    'data: [DONE]\n\n',
  );
const refuseWith =
  (status: number): Play =>
  ({ reply }) =>
    reply({ status, headers: { 'content-type': 'application/json' }, body: '{"error":{"message":"no"}}' });

const CALL = {
  gen_ai_operation_name: 'chat',
  gen_ai_provider_name: 'openai',
  modelql_provider: 'shop',
  gen_ai_request_model: 'm',
};

describe('calls of providers', () => {
  test("are told by OpenTelemetry's names, with the model that answered where it is one of the list", async () => {
    const { server } = await startShop([answerOf('m-2026'), answerOf('m-2026'), answerOf('an-invented-one')]);
    for (let n = 0; n < 3; n++) await overSse(server, ask());
    const now = await scrape(server);
    const listed = { ...CALL, gen_ai_response_model: 'm-2026' };
    const ofCalls = { 'gen_ai_response_model=m-2026': 2, 'gen_ai_response_model=other': 1 };
    expect(valuesOf(now, 'gen_ai_client_operation_duration_seconds_count', CALL)).toEqual(ofCalls);
    expect(valuesOf(now, 'gen_ai_client_operation_time_to_first_chunk_seconds_count', CALL)).toEqual(ofCalls);
    expect(valuesOf(now, 'gen_ai_client_token_usage_sum', listed)).toEqual({
      'gen_ai_token_type=input': 10,
      'gen_ai_token_type=output': 140,
    });
    expect(valuesOf(now, 'gen_ai_client_token_usage_bucket', { ...listed, gen_ai_token_type: 'output' })).toMatchObject(
      {
        'le=64': 0,
        'le=256': 2,
        'le=67108864': 2,
        'le=+Inf': 2,
      },
    );
    expect(valuesOf(now, 'modelql_attempts_total')).toEqual({ 'modelql_provider=shop code=OK': 3 });
    expect(valuesOf(now, 'modelql_operation_duration_seconds_count')).toEqual({
      'transport=http type=subscription code=STOP': 3,
    });
  });

  test('are counted by why they failed, and circuits by what came of that', async () => {
    const { server } = await startShop([refuseWith(429), refuseWith(429), refuseWith(429), answerOf('m')]);
    for (let n = 0; n < 3; n++) await overSse(server, ask());
    const failed = { ...CALL, gen_ai_response_model: 'm', error_type: 'RATE_LIMITED' };
    const now = await scrape(server);
    expect(valuesOf(now, 'gen_ai_client_operation_duration_seconds_count', failed)).toEqual({ '': 3 });
    expect(valuesOf(now, 'modelql_attempts_total')).toEqual({ 'modelql_provider=shop code=RATE_LIMITED': 3 });
    expect(valuesOf(now, 'modelql_model_circuit_open')).toEqual({ 'modelql_provider=shop gen_ai_request_model=m': 1 });
    expect(valuesOf(now, 'modelql_provider_circuit_state', { modelql_provider: 'shop' })).toEqual({ '': 0 });
    await overSse(server, ask());
    expect(valuesOf(await scrape(server), 'modelql_model_circuit_open')).toEqual({});
  });

  test('of a provider that cannot be reached open its circuit', async () => {
    const { upstream, server } = await startShop(answerOf('m'));
    await upstream.close();
    for (let n = 0; n < 3; n++) await overSse(server, ask());
    const now = await scrape(server);
    expect(valuesOf(now, 'modelql_provider_circuit_state')).toMatchObject({
      'modelql_provider=shop': 2,
      'modelql_provider=local': 0,
    });
  });

  test('that broke off are begun anew where that is wanted', async () => {
    const cut: Play = async ({ begin, send, breakOff }) => {
      await begin({ headers: { 'content-type': 'text/event-stream' } });
      await send(event({ content: 'Hel' }));
      breakOff();
    };
    const { server } = await startShop([cut, answerOf('m-2026')], { aliases: { both: ['shop/m', 'shop/m-2026'] } });
    await overSse(server, ask({ model: 'both', onFailure: 'RESTART' }));
    const now = await scrape(server);
    expect(valuesOf(now, 'modelql_chats_restarted_total')).toEqual({ '': 1 });
    expect(Object.values(valuesOf(now, 'modelql_attempts_total')).toSorted()).toEqual([1, 1]);
  });

  test('run and wait, as many as have a place', async () => {
    const { upstream, server } = await startShop(({ begin }) => begin(), { provider: { maxConcurrent: 1 } });
    const controller = new AbortController();
    const both = [1, 2].map(() =>
      Array.fromAsync(readSse(server, ask(), { signal: controller.signal })).catch(() => {}),
    );
    await upstream.exchange();
    const loads = async () => valuesOf(await scrape(server), 'modelql_provider_calls', { modelql_provider: 'shop' });
    await expect.poll(loads).toEqual({ 'state=running': 1, 'state=waiting': 1 });
    expect(valuesOf(await scrape(server), 'modelql_operations')).toEqual({
      'transport=http': 2,
      'transport=websocket': 0,
    });
    controller.abort();
    await Promise.all(both);
    await expect.poll(loads).toEqual({ 'state=running': 0, 'state=waiting': 0 });
    const now = await scrape(server);
    expect(valuesOf(now, 'modelql_let_go_seconds_count')).toEqual({ 'modelql_provider=shop': 1 });
    expect(valuesOf(now, 'gen_ai_client_operation_duration_seconds_count', { error_type: 'LEFT', ...CALL })).toEqual({
      'gen_ai_response_model=m': 1,
    });
    expect(valuesOf(now, 'modelql_attempts_total')).toEqual({ 'modelql_provider=shop code=LEFT': 2 });
  });

  test('that make pictures generate content', async () => {
    const server = await startServer({ config: { telemetry } });
    await overPost(server, { query: 'mutation { generateImage(input: { prompt: "a" }) { __typename } }' });
    expect(valuesOf(await scrape(server), 'gen_ai_client_operation_duration_seconds_count')).toEqual({
      'gen_ai_operation_name=generate_content gen_ai_provider_name=local modelql_provider=local gen_ai_request_model=pattern gen_ai_response_model=pattern': 1,
    });
  });

  test('have their parts counted by how long each took', () => {
    const { calls, read } = createObserver();
    const call = calls.begin({ ...CALLED, model: MODEL });
    call.firstPart();
    for (let n = 0; n < 3; n++) call.part?.(text('a'));
    call.succeeded({ reason: 'STOP', usage: null });
    call.end();
    return expect(
      read().then((now) => valuesOf(now, 'gen_ai_client_operation_time_per_output_chunk_seconds_count')),
    ).resolves.toEqual({
      'gen_ai_operation_name=chat gen_ai_provider_name=named-scripted modelql_provider=scripted gen_ai_request_model=model-0 gen_ai_response_model=model-0': 3,
    });
  });
});

const PROVIDER = scriptedProvider(() => [] as never, {
  models: Array.from({ length: 1000 }, (_, n) => ({ name: `model-${n}`, kind: 'CHAT' }) as const),
});
const CALLED = {
  kind: 'CHAT',
  request: { messages: [] },
  signal: new AbortController().signal,
  trace: ROOT_CONTEXT,
} as const;
const MODEL = { name: 'model-0', kind: 'CHAT', provider: PROVIDER } as unknown as Model;

function createObserver() {
  const registry = new Registry();
  const calls = createCallMetrics(registry, { models: createModelLabels(), providerNameOf: ({ id }) => `named-${id}` });
  return { calls, read: async () => parseExposition(await registry.metrics()) };
}

describe('labels', () => {
  test('never hold what a caller invents: a thousand names of models add no series', async () => {
    const { server } = await startShop(answerOf('m'));
    const count = async () => {
      const ours = [...(await scrape(server))].filter(([name]) => /^(modelql|gen_ai)_/.test(name));
      return ours.flatMap(([, { samples }]) => samples).length;
    };
    const askFor = (names: readonly string[]) => {
      const fields = names.map(
        (name, at) => `a${at}: completeChat(input: { model: "${name}", messages: $messages }) { __typename }`,
      );
      const query = `mutation ${names[0]?.replaceAll('-', '_')}($messages: [ChatMessageInput!]!) { ${fields.join(' ')} }`;
      return overPost(server, { query, variables: { messages } });
    };
    await askFor(['invented-0']);
    await overWebSocket(server, ask());
    const before = await count();
    for (let from = 0; from < 1000; from += 25)
      await askFor(Array.from({ length: 25 }, (_, n) => `invented-${from + n}`));
    expect(await count()).toBe(before);
    const now = await scrape(server);
    expect(valuesOf(now, 'modelql_operation_duration_seconds_count', { type: 'mutation' })).toEqual({
      'transport=http code=MODEL_NOT_FOUND': 41,
    });
  }, 30_000);

  test('are bounded whatever an upstream says has answered, and however many models it lists', async () => {
    const { calls, read } = createObserver();
    for (let n = 0; n < 1000; n++) {
      for (const [asked, told] of [
        ['model-0', `invented-${n}`],
        ['model-0', `model-${n}`],
        [`model-${n}`, `model-${n}`],
      ] as const) {
        const model = { ...MODEL, name: asked };
        const call = calls.begin({ ...CALLED, model });
        call.succeeded({ reason: 'STOP', usage: null, model: told });
        call.end();
      }
    }
    const counts = valuesOf(await read(), 'gen_ai_client_operation_duration_seconds_count');
    expect(Object.values(counts).reduce((sum, count) => sum + count)).toBe(3000);
    expect(Object.keys(counts).length).toBeLessThan(130);
    expect(JSON.stringify(counts)).not.toContain('invented');
  });

  test.for([
    ['shop', { type: 'openai' }, 'openai'],
    ['shop', { type: 'azure' }, 'azure.ai.openai'],
    ['shop', { type: 'bedrock' }, 'aws.bedrock'],
    ['shop', { type: 'google', baseUrl: 'https://generativelanguage.googleapis.com/v1beta' }, 'gcp.gemini'],
    ['shop', { type: 'google', baseUrl: 'https://us-east5-aiplatform.googleapis.com/v1' }, 'gcp.vertex_ai'],
    ['shop', { type: 'google', baseUrl: 'http://127.0.0.1:9' }, 'gcp.gen_ai'],
    ['shop', { type: 'openai-compatible' }, 'shop'],
    ['local', undefined, 'local'],
  ] as const)('name the provider %s of %j %s', ([id, entry, name]) => {
    expect(toProviderName(id, entry)).toBe(name);
  });
});

describe('chats', () => {
  test('are seen while they run and can be joined: their readers, what they keep, who comes back, who ends them', async () => {
    const { upstream, server } = await startShop(async ({ begin, send }) => {
      await begin({ headers: { 'content-type': 'text/event-stream' } });
      await send(event({ content: 'x'.repeat(1000) }));
    });
    const id = randomUUID();
    const readers = [readSse(server, ask({ id })), readSse(server, ask({ id }))];
    for (const reader of readers) {
      expect(typeOf((await reader.next()).value)).toBe('ChatStarted');
      expect(typeOf((await reader.next()).value)).toBe('ChatDelta');
    }
    expect(upstream.exchanges).toHaveLength(1);
    const now = await scrape(server);
    expect(valuesOf(now, 'modelql_chats')).toEqual({ 'state=running': 1, 'state=ended': 0 });
    expect(valuesOf(now, 'modelql_chat_readers')).toEqual({ '': 2 });
    expect(valuesOf(now, 'modelql_journal_bytes')).toEqual({ '': 1000 });
    expect(valuesOf(now, 'modelql_journal_oldest_age_seconds')['']).toBeGreaterThan(0);
    expect(valuesOf(now, 'modelql_chats_resumed_total')).toEqual({ '': 1 });

    await overPost(server, { query: 'mutation ($id: ID!) { cancelChat(id: $id) }', variables: { id } });
    for (const reader of readers) expect(typeOf((await reader.next()).value)).toBe('ChatFinished');
    await (await upstream.exchange()).closed;
    await expect
      .poll(async () => valuesOf(await scrape(server), 'modelql_chats'))
      .toEqual({ 'state=running': 0, 'state=ended': 1 });
    const then = await scrape(server);
    expect(valuesOf(then, 'modelql_chats_cancelled_total')).toEqual({ '': 1 });
    expect(valuesOf(then, 'modelql_let_go_seconds_count')).toEqual({ 'modelql_provider=shop': 1 });
  });

  test('count the deltas that were sent within another', async () => {
    const parts = 3000;
    const burst = scriptedProvider(async function* () {
      for (let part = 0; part < parts; part++) yield text('word ');
      yield finish();
    });
    const server = await startServer({ config: { telemetry }, providers: [burst] });
    const results = await overSse(server, ask({ provider: 'scripted' }));
    const deltas = results.filter((result) => typeOf(result) === 'ChatDelta').length;
    expect(valuesOf(await scrape(server), 'modelql_deltas_merged_total')).toEqual({ '': parts - deltas });
  });

  test('count the readers who were let go as they did not read', async () => {
    const upstream = await startFakeUpstream(flood().play);
    const limits = { slowReaderTimeoutMs: 300, maxAnswerBytes: 1_000_000_000, keepAliveMs: 60_000 };
    const server = await startServer({
      config: { telemetry, limits, providers: { aichats: { baseUrl: upstream.url } } },
    });
    unreadOverSse(server, ask({ provider: 'aichats' }));
    await (await upstream.exchange()).closed;
    const now = await scrape(server);
    expect(valuesOf(now, 'modelql_readers_dropped_total')).toEqual({ '': 1 });
  });
});

describe('whoever is turned away is counted, by the door and the code', () => {
  const config = { telemetry, auth: { keys: ['right', { name: 'prometheus', key: 'reader', metrics: true }] } };
  const right = { authorization: 'Bearer right' };

  test('over both transports', async () => {
    const limits = { maxQueryTokens: 20, maxBodyBytes: 2000, requestsPerMinute: 5 };
    const server = await startServer({ config: { ...config, limits } });
    await overPost(server, { query: '{ __typename }' });
    await expect(overWebSocket(server, { query: '{ __typename }' })).rejects.toMatchObject({ code: 4403 });
    await overPost(server, { query: `{ ${'models { id } '.repeat(10)} }` }, right);
    await overPost(server, { query: `{ __typename } # ${'x'.repeat(3000)}` }, right);
    await overPost(server, { query: '{ __typename }' }, { ...right, 'content-type': 'text/plain' });
    const media = server.url.replace(/graphql$/, 'media');
    await fetch(media, { method: 'POST', headers: { ...right, 'content-type': 'text/plain' }, body: '' });
    await statusOf(server, { host: 'evil.example' });
    for (let n = 0; n < 3; n++) await overPost(server, { query: '{ __typename }' }, right);
    expect(valuesOf(await scrape(server), 'modelql_refusals_total')).toEqual({
      'door=callers code=UNAUTHENTICATED': 2,
      'door=callers code=RATE_LIMITED': 2,
      'door=documents code=DOCUMENT_TOO_LARGE': 1,
      'door=bodies code=REQUEST_ENTITY_TOO_LARGE': 1,
      'door=content code=BAD_REQUEST': 1,
      'door=media code=BAD_REQUEST': 1,
      'door=host code=BAD_REQUEST': 1,
    });
  });

  test('where too much runs', async () => {
    const { upstream, server } = await startShop(({ begin }) => begin(), { limits: { maxStreams: 1 } });
    const controller = new AbortController();
    const first = Array.fromAsync(readSse(server, ask(), { signal: controller.signal })).catch(() => {});
    await upstream.exchange();
    await overPost(server, { query: '{ __typename }' });
    expect(valuesOf(await scrape(server), 'modelql_refusals_total')).toEqual({
      'door=operations code=RATE_LIMITED': 1,
    });
    controller.abort();
    await first;
  });
});

/** What `/metrics` answers to such headers; `Host` among them. */
async function statusOf({ url }: Pick<TestServer, 'url'>, headers: Record<string, string>, method = 'GET') {
  const request = httpRequest(url.replace(/graphql$/, 'metrics'), { headers, method, agent: false }).end();
  const [response] = await once(request, 'response');
  const body = await readText(response);
  return { status: response.statusCode, body };
}

describe('/metrics', () => {
  const keys = ['right', { name: 'prometheus', key: 'reader', metrics: true }];

  test('is not there unless it is asked for', async () => {
    const server = await startServer();
    expect(await statusOf(server, {})).toMatchObject({ status: 404 });
  });

  test.for([
    ['a caller on this machine', {}, 200],
    ['one who says nothing but for whom a proxy asks', { 'x-forwarded-for': '203.0.113.9' }, 401],
    ['the same by the newer header', { forwarded: 'for=203.0.113.9' }, 401],
    ['a proxy, for a key that may', { via: '1.1 proxy', authorization: 'Bearer reader' }, 200],
    ['a proxy, for another key', { 'x-real-ip': '203.0.113.9', authorization: 'Bearer right' }, 403],
    ['a proxy, for no key', { via: '1.1 proxy', authorization: 'Bearer wrong' }, 401],
    ['a page with a name of its own', { host: 'evil.example' }, 421],
  ] as const)('for %s: %s', async ([, headers, status]) => {
    const server = await startServer({ config: { telemetry, auth: { keys }, server: { path: '/ai' } } });
    const { status: got, body } = await statusOf(server, { ...headers, 'x-request-id': 'mine' });
    expect(got).toBe(status);
    if (status === 200) expect(parseExposition(body).has('modelql_chats')).toBe(true);
    else {
      const [error] = JSON.parse(body).errors;
      expect(error.message).toMatch(status === 421 ? /host/ : /metrics/);
      expect(error.extensions.requestId).toBe('mine');
    }
    expect(body).not.toContain('Bearer r');
  });

  test('believes a proxy of ours where its client is', async () => {
    const server = await startServer({ config: { telemetry, server: { trustProxy: 1 } } });
    expect(await statusOf(server, { 'x-forwarded-for': '127.0.0.1, 203.0.113.9' })).toMatchObject({ status: 401 });
    expect(await statusOf(server, { 'x-forwarded-for': '203.0.113.9, 127.0.0.1' })).toMatchObject({ status: 200 });
    expect(await statusOf(server, {})).toMatchObject({ status: 200 });
    // It is asked for somebody, and does not tell for whom.
    expect(await statusOf(server, { via: '1.1 proxy' })).toMatchObject({ status: 401 });
    expect(await statusOf(server, { 'x-forwarded-for': 'unix:' })).toMatchObject({ status: 401 });
  });

  test('takes no key for one that may where there are none', async () => {
    const server = await startServer({ config: { telemetry } });
    expect(await statusOf(server, { via: '1.1 proxy', authorization: 'Bearer x' })).toMatchObject({ status: 401 });
  });

  test('is asked for by GET', async () => {
    const server = await startServer({ config: { telemetry } });
    expect(await statusOf(server, {}, 'POST')).toMatchObject({ status: 405 });
    expect(await statusOf(server, {}, 'HEAD')).toEqual({ status: 200, body: '' });
  });

  test('has a port of its own where that is configured, and is nowhere else', async () => {
    const config = { telemetry: { metrics: { port: 0 } }, auth: { keys: ['right'] } };
    const server = await startServer({ config });
    expect(await statusOf(server, {})).toMatchObject({ status: 404 });
    const url = (await server.app.metricsServer?.listen()) ?? '';
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/metrics$/);
    const own = { url: url.replace(/metrics$/, 'graphql') };
    expect(valuesOf(await scrape(own), 'modelql_chats')).toEqual({ 'state=running': 0, 'state=ended': 0 });
    expect(await statusOf(own, { host: 'evil.example' })).toMatchObject({ status: 421 });
    expect(await statusOf(own, {}, 'POST')).toMatchObject({ status: 404 });
    expect((await fetch(own.url)).status).toBe(404);
    await server.app.stop();
    await expect(fetch(url)).rejects.toThrow();
  });

  test('ends the start where its own port is taken', async () => {
    const upstream = await startFakeUpstream(() => {});
    const config = configFile({ telemetry: { metrics: { port: upstream.port } } });
    const { code, stdout, stderr } = await run(['--port', '0', '--config', config]).exit;
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toContain(`telemetry.metrics: cannot listen on 127.0.0.1:${upstream.port}: listen EADDRINUSE`);
  });

  test('counts bugs, whatever their callers are told', async () => {
    const broken = scriptedProvider(() => {
      throw new TypeError('broken');
    });
    const server = await startServer({ config: { telemetry }, providers: [broken] });
    expect(valuesOf(await scrape(server), 'modelql_unexpected_errors_total')).toEqual({ '': 0 });
    await overWebSocket(server, ask({ model: 'scripted/model' }));
    const now = await scrape(server);
    expect(valuesOf(now, 'modelql_unexpected_errors_total')).toEqual({ '': 1 });
    expect(valuesOf(now, 'modelql_attempts_total')).toEqual({ 'modelql_provider=scripted code=UNAVAILABLE': 1 });
  });

  test('tells how reloads of the configuration went', async () => {
    const server = await startServer({ config: { telemetry } });
    const config = Config.parse({ telemetry });
    await server.app.reload(config);
    const wrong = Promise.reject(new ProviderError('REJECTED', 'unreadable'));
    await expect(server.app.reload(wrong)).rejects.toThrow('unreadable');
    const now = await scrape(server);
    expect(valuesOf(now, 'modelql_config_reloads_total')).toEqual({ 'result=success': 1, 'result=failure': 1 });
    expect(valuesOf(now, 'modelql_config_last_reload_successful')).toEqual({ '': 0 });
    await server.app.reload(config);
    expect(valuesOf(await scrape(server), 'modelql_config_last_reload_successful')).toEqual({ '': 1 });
  });

  const promtool = spawnSync('promtool', ['--version']).error === undefined;
  test.skipIf(!promtool)(
    `is what promtool takes${promtool ? '' : ' (skipped: promtool is not installed)'}`,
    async () => {
      const { server } = await startShop([answerOf('m'), refuseWith(500)]);
      for (let n = 0; n < 2; n++) await overSse(server, ask());
      const input = await (await fetch(server.url.replace(/graphql$/, 'metrics'))).text();
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input, encoding: 'utf8' });
      expect({ status, said: stdout + stderr }).toEqual({ status: 0, said: '' });
    },
  );
});
