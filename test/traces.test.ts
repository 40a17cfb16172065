import { context, propagation, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, onTestFinished, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };
import { traceHeaders } from '../src/providers/http/trace-headers.ts';
import * as bedrock from './helpers/bedrock-server.ts';
import { overPost, overSse, overWebSocket, type Run, readSse } from './helpers/clients.ts';
import { type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { picture, postMedia, toDataUri } from './helpers/media.ts';
import { answerWith, DONE, data, event } from './helpers/openai-server.ts';
import { startOtlpReceiver, startTraced, toTree } from './helpers/otlp-receiver.ts';
import { finish, scriptedProvider, text } from './helpers/scripted-provider.ts';
import { startServer } from './helpers/server.ts';
import { run } from './helpers/server-process.ts';

const CANARY = 'canary-4711';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const parentOf = (span: string) => `00-${TRACE}-${span}-01`;
const [A, B] = ['b7ad6b7169203331', '00f067aa0ba902b7'] as const;

const input = (model: string, more: object = {}) => ({
  model,
  messages: [{ role: 'USER', content: `Say ${CANARY}` }],
  ...more,
});
const CHAT = 'subscription Ask($input: ChatInput!) { chat(input: $input) { __typename } }';
const COMPLETE = 'mutation Whole($input: ChatInput!) { completeChat(input: $input) { __typename } }';
const IMAGE = 'mutation { generateImage(input: { model: "local/pattern", prompt: "canary-4711" }) { __typename } }';

const hello = answerWith(
  event({ content: `Hello ${CANARY}` }),
  event({}, 'stop'),
  data({ choices: [], usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 } }),
  DONE,
);
const refuse =
  (status: number): Play =>
  ({ reply }) =>
    reply({ status, body: JSON.stringify({ error: { message: `No ${CANARY}` } }) });

/** Three servers, of which the last one answers, under one name. */
async function startTrio() {
  const upstreams = await Promise.all([refuse(503), refuse(429), hello].map((play) => startFakeUpstream(play)));
  const entries = upstreams.map(({ url: baseUrl }, at) => [
    `u${at}`,
    { type: 'openai-compatible', baseUrl, models: ['m'] },
  ]);
  const config = { providers: Object.fromEntries(entries), aliases: { trio: ['u0/m', 'u1/m', 'u2/m'] } };
  return { upstreams, ...(await startTraced({ config })) };
}

const ways: readonly (readonly [string, Run, string, string])[] = [
  ['WebSocket', overWebSocket, CHAT, 'subscription'],
  ['SSE', overSse, CHAT, 'subscription'],
  ['POST', overPost, COMPLETE, 'mutation'],
];

test.for(ways)('a chat over %s is a span, with one below it for each attempt', async ([, run, query, type]) => {
  const { upstreams, server, receiver, stop } = await startTrio();
  await run(server, { query, variables: { input: input('trio', { temperature: 0.5, maxTokens: 100 }) } });
  const spans = await stop();
  expect(toTree(spans)).toEqual([
    {
      name: type,
      kind: 'SERVER',
      children: [
        { name: 'chat m', kind: 'CLIENT', error: 'UNAVAILABLE' },
        { name: 'chat m', kind: 'CLIENT', error: 'RATE_LIMITED' },
        { name: 'chat m', kind: 'CLIENT' },
      ],
    },
  ]);
  const [operation, ...attempts] = spans;
  expect(operation?.attributes).toEqual({
    'graphql.operation.type': type,
    'graphql.operation.name': type === 'mutation' ? 'Whole' : 'Ask',
    'modelql.code': 'STOP',
  });
  const common = (at: number) => ({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': `u${at}`,
    'gen_ai.request.model': 'm',
    'gen_ai.request.stream': true,
    'gen_ai.request.temperature': 0.5,
    'gen_ai.request.max_tokens': 100,
    'modelql.model.id': `u${at}/m`,
    'server.address': '127.0.0.1',
    'server.port': upstreams[at]?.port,
  });
  const failed = (code: string, status: number) => ({
    'error.type': code,
    'modelql.code': code,
    'http.response.status_code': status,
  });
  const firstChunk = { 'gen_ai.response.time_to_first_chunk': expect.any(Number) };
  expect(attempts.map(({ attributes }) => attributes)).toEqual([
    { ...common(0), ...failed('UNAVAILABLE', 503) },
    { ...common(1), ...failed('RATE_LIMITED', 429) },
    {
      ...common(2),
      ...firstChunk,
      'modelql.code': 'STOP',
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.usage.input_tokens': 12,
      'gen_ai.usage.output_tokens': 3,
    },
  ]);
  expect(attempts.map(({ events }) => events)).toEqual([
    [],
    [],
    [{ name: 'gen_ai.first_chunk', attributes: firstChunk }],
  ]);
  for (const [at, { exchanges }] of upstreams.entries()) {
    const { traceId, spanId } = attempts[at] ?? {};
    expect(exchanges.map(({ headers }) => headers.traceparent)).toEqual([`00-${traceId}-${spanId}-01`]);
  }
  expect(receiver.exchanges[0]?.headers).toMatchObject({ 'x-collector-key': 'key-of-the-collector' });
  expect(operation?.resource).toMatchObject({ 'service.name': 'modelql', 'service.version': manifest.version });
  expect(receiver.exchanges.map(({ body }) => body).join()).not.toContain(CANARY);
});

test('what fails is an error with its code, and a picture a span of its kind', async () => {
  const upstream = await startFakeUpstream(refuse(500));
  const { url: baseUrl } = upstream;
  const providers = { u: { type: 'openai-compatible', baseUrl, models: ['m'] } };
  const { server, receiver, stop } = await startTraced({ config: { providers } });
  await overPost(server, { query: COMPLETE, variables: { input: input('u/m') } });
  await overPost(server, { query: COMPLETE, variables: { input: input('nothing') } });
  await overPost(server, { query: '{' });
  await overPost(server, { query: IMAGE });
  await postMedia(server, picture(100));
  const spans = await stop();
  expect(toTree(spans)).toEqual([
    {
      ...{ name: 'mutation', kind: 'SERVER', error: 'UNAVAILABLE' },
      children: [{ name: 'chat m', kind: 'CLIENT', error: 'UNAVAILABLE' }],
    },
    { name: 'mutation', kind: 'SERVER', error: 'MODEL_NOT_FOUND' },
    { name: 'GraphQL Operation', kind: 'SERVER', error: 'GRAPHQL_PARSE_FAILED' },
    { name: 'mutation', kind: 'SERVER', children: [{ name: 'generate_content pattern', kind: 'CLIENT' }] },
    { name: 'POST /media', kind: 'SERVER' },
  ]);
  expect(spans.at(-2)?.attributes).toMatchObject({
    'gen_ai.operation.name': 'generate_content',
    'gen_ai.provider.name': 'local',
    'gen_ai.output.type': 'image',
    'gen_ai.request.choice.count': 1,
    'modelql.code': 'STOP',
  });
  expect(receiver.exchanges.map(({ body }) => body).join()).not.toContain(CANARY);
});

describe('the parent', () => {
  const query = '{ __typename }';
  const extensions = { traceparent: parentOf(B), tracestate: 'vendor=1' };
  const headers = { traceparent: parentOf(A) };

  test.for<[string, Run, object, Record<string, string>, string | null]>([
    ['in the headers of a POST', overPost, {}, headers, A],
    ['in the headers of a stream', overSse, {}, headers, A],
    ['in the parameters of a connection', overWebSocket, {}, headers, A],
    ['in the extensions of a POST', overPost, { extensions }, headers, B],
    ['in the extensions of an operation over a connection', overWebSocket, { extensions }, headers, B],
    ['that is malformed', overPost, { extensions: { traceparent: 7 } }, { traceparent: '00-0-0-01' }, null],
    ['that is malformed, beside one that is not', overPost, { extensions: { traceparent: '00-' } }, headers, A],
  ])('is the one %s', async ([, run, more, headers, expected]) => {
    const { server, stop } = await startTraced();
    const request = run === overSse ? { query: CHAT, variables: { input: input('local/eliza') } } : { query };
    await run(server, { ...request, ...more }, headers);
    const [span] = await stop();
    expect(span?.parentSpanId).toBe(expected);
    if (expected) expect(span?.traceId).toBe(TRACE);
  });

  test('that is not sampled is followed by nothing but its header', async () => {
    const upstream = await startFakeUpstream(hello);
    const providers = { u: { type: 'openai-compatible', baseUrl: upstream.url, models: ['m'] } };
    const { server, receiver, stop } = await startTraced({ config: { providers } });
    const extensions = { traceparent: `00-${TRACE}-${A}-00`, tracestate: 'vendor=1' };
    const request = { query: COMPLETE, variables: { input: input('u/m') }, extensions };
    await overPost(server, request);
    await stop();
    expect(receiver.exchanges).toEqual([]);
    const { headers } = await upstream.exchange();
    expect(headers.traceparent).toMatch(new RegExp(`^00-${TRACE}-(?!${A})[0-9a-f]{16}-00$`));
    expect(headers.tracestate).toBe('vendor=1');
  });
});

test('a provider that is a generator, and one that signs its requests, send the header too', async () => {
  const site = await startFakeUpstream(({ reply }) => reply({ body: '{"content":"Hello"}' }));
  const rock = await startFakeUpstream(bedrock.answerWith(...bedrock.answerEvents([{ text: 'Hello' }], 'end_turn')));
  const entry = { type: 'bedrock', region: 'us-east-1', models: [bedrock.MODEL], ...bedrock.KEYS };
  const providers = { websim: { baseUrl: site.url }, rock: { ...entry, baseUrl: rock.url } };
  const { server, stop } = await startTraced({ config: { providers } });
  for (const model of ['websim/gemini-1.5-pro', `rock/${bedrock.MODEL}`]) {
    await overSse(server, { query: CHAT, variables: { input: input(model) } });
  }
  const attempts = (await stop()).filter(({ kind }) => kind === 'CLIENT');
  const exchanges = [await site.exchange(), await rock.exchange()];
  expect(exchanges.map(({ headers }) => headers.traceparent)).toEqual(
    attempts.map(({ traceId, spanId }) => `00-${traceId}-${spanId}-01`),
  );
  expect(exchanges.map((exchange) => bedrock.isSigned(exchange))).toEqual([false, true]);
  expect(attempts.map(({ attributes }) => attributes['gen_ai.provider.name'])).toEqual(['websim', 'aws.bedrock']);
});

describe('a chat whose client has gone', () => {
  const startHalf = async () => {
    const upstream = await startFakeUpstream(async ({ begin, send }) => {
      await begin({ headers: { 'content-type': 'text/event-stream' } });
      await send(event({ content: 'Half' }));
    });
    const providers = { u: { type: 'openai-compatible', baseUrl: upstream.url, models: ['m'] } };
    const traced = await startTraced({ config: { providers } });
    const leave = async (id?: string) => {
      const controller = new AbortController();
      const variables = { input: input('u/m', { ...(id && { id }) }) };
      const results = readSse(traced.server, { query: CHAT, variables }, { signal: controller.signal });
      await results.next();
      controller.abort();
      await expect.poll(() => traced.server.log.find(({ msg }) => msg === 'operation')).toMatchObject({ code: 'LEFT' });
    };
    return { upstream, ...traced, leave };
  };

  test('ends with it, without an error', async () => {
    const { upstream, leave, stop } = await startHalf();
    await leave();
    await upstream.allClosed();
    const spans = await stop();
    expect(toTree(spans)).toEqual([
      { name: 'subscription', kind: 'SERVER', children: [{ name: 'chat m', kind: 'CLIENT' }] },
    ]);
    expect(spans.map(({ attributes }) => attributes['modelql.code'])).toEqual(['LEFT', 'LEFT']);
  });

  test('goes on where it may come back, and its span with it', async () => {
    const { upstream, server, leave, stop } = await startHalf();
    await leave('chat-1');
    const joined = overSse(server, { query: CHAT, variables: { input: input('u/m', { id: 'chat-1' }) } });
    const exchange = await upstream.exchange();
    await exchange.send(event({}, 'stop'), DONE);
    exchange.end();
    await joined;
    const spans = await stop();
    expect(toTree(spans)).toEqual([
      { name: 'subscription', kind: 'SERVER', children: [{ name: 'chat m', kind: 'CLIENT' }] },
      { name: 'subscription', kind: 'SERVER' },
    ]);
    const [operation, attempt] = spans;
    expect(attempt?.attributes['modelql.code']).toBe('STOP');
    expect(attempt?.end).toBeGreaterThan(operation?.end ?? 0);
  });

  test('is told of when the server stops', async () => {
    const { leave, stop } = await startHalf();
    await leave('chat-1');
    const spans = await stop();
    expect(spans.map(({ name }) => name)).toEqual(['subscription', 'chat m']);
    expect(spans.at(-1)?.isError).toBe(true);
  });
});

test('a provider that does not stream has no first chunk', async () => {
  const whole = scriptedProvider(
    async function* () {
      yield text('Hello');
      yield finish();
    },
    { supportsStream: false },
  );
  const { server, stop } = await startTraced({ providers: [whole] });
  await overPost(server, { query: COMPLETE, variables: { input: input('scripted/model') } });
  const [, attempt] = await stop();
  expect(attempt?.attributes).toMatchObject({ 'gen_ai.request.stream': false, 'modelql.code': 'STOP' });
  expect(attempt?.attributes).not.toHaveProperty(['gen_ai.response.time_to_first_chunk']);
  expect(attempt?.events).toEqual([]);
});

test('with captureContent what is asked and answered is there, and the log says so', async () => {
  const upstream = await startFakeUpstream(hello);
  const providers = { u: { type: 'openai-compatible', baseUrl: upstream.url, models: ['m'] } };
  const { server, stop } = await startTraced({ config: { providers } }, { captureContent: true });
  const url = toDataUri(picture(100));
  const messages = [{ role: 'USER', parts: [{ text: `Say ${CANARY}` }, { image: { url } }] }];
  await overSse(server, { query: CHAT, variables: { input: input('u/m', { messages }) } });
  await overPost(server, { query: IMAGE });
  const spans = (await stop()).filter(({ kind }) => kind === 'CLIENT');
  const read = (at: number, name: string) => JSON.parse(String(spans[at]?.attributes[`gen_ai.${name}.messages`]));
  expect(read(0, 'input')).toEqual([
    {
      role: 'user',
      parts: [
        { type: 'text', content: `Say ${CANARY}` },
        { type: 'blob', modality: 'image', mime_type: 'image/png', content: '' },
      ],
    },
  ]);
  expect(read(0, 'output')).toEqual([
    { role: 'assistant', parts: [{ type: 'text', content: `Hello ${CANARY}` }], finish_reason: 'stop' },
  ]);
  expect(read(1, 'input')).toEqual([{ role: 'user', parts: [{ type: 'text', content: CANARY }] }]);
  const warnings = server.log.filter(({ level }) => level === 40);
  expect(warnings).toMatchObject([{ msg: expect.stringContaining('telemetry.captureContent') }]);
});

describe('a collector', () => {
  const chat = { query: COMPLETE, variables: { input: input('local/eliza') } };
  const answered = [{ data: { completeChat: { __typename: 'ChatAnswer' } } }];
  const warningsOf = ({ log }: { log: readonly Record<string, unknown>[] }) =>
    log.filter(({ level }) => level === 40).map(({ msg }) => msg);

  test('that refuses is in the log, without what was sent', async () => {
    const { server, stop } = await startTraced({}, {}, ({ reply }) => reply({ status: 400, body: 'no' }));
    expect(await overPost(server, chat)).toEqual(answered);
    await stop();
    expect(warningsOf(server)).toEqual(['Traces: the collector did not take 2 spans (400 Bad Request)']);
  });

  test('that hangs does not hold a stop up', async () => {
    const { server, receiver, stop } = await startTraced({}, {}, () => {});
    expect(await overPost(server, chat)).toEqual(answered);
    await stop();
    expect(receiver.exchanges).toHaveLength(1);
    expect(warningsOf(server)).toEqual(['Traces: the last spans were not taken by the collector within 1500 ms']);
  });

  test('that is too slow for what is sent is in the log too', async () => {
    const { server, stop } = await startTraced({}, { captureContent: true }, () => {});
    const ask = () => overPost(server, { query: '{ __typename }' });
    for (let batch = 0; batch < 10; batch++) await Promise.all(Array.from({ length: 32 }, ask));
    const full = 'Traces: the collector did not take 1 spans (it is slow, and as many wait as may)';
    expect(warningsOf(server)).toContain(full);
    await stop();
  });

  test('that is not there does not either', async () => {
    const telemetry = { otlp: { endpoint: 'http://127.0.0.1:9/v1/traces' } };
    const { server, stop } = await startTraced({}, telemetry);
    expect(await overPost(server, chat)).toEqual(answered);
    await stop();
    expect(warningsOf(server)).toEqual([expect.stringMatching(/^Traces: /)]);
  });
});

test("in a host that has an SDK of its own spans go there, and are active where the provider's work is done", async () => {
  const exporter = new InMemorySpanExporter();
  trace.setGlobalTracerProvider(new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] }));
  context.setGlobalContextManager(new AsyncLocalStorageContextManager());
  propagation.setGlobalPropagator(new W3CTraceContextPropagator());
  onTestFinished(() => {
    trace.disable();
    context.disable();
    propagation.disable();
  });
  const active: unknown[] = [];
  const provider = scriptedProvider(async function* () {
    active.push(trace.getActiveSpan()?.spanContext().spanId, traceHeaders());
    yield text('Hello');
    yield finish();
  });
  const server = await startServer({ providers: [provider], config: { defaults: { chat: 'scripted/model' } } });
  const request = { query: COMPLETE, variables: { input: input('scripted/model') } };
  await overPost(server, request, { traceparent: parentOf(A) });
  await server.app.stop();
  const spans = exporter.getFinishedSpans();
  expect(spans.map(({ name }) => name)).toEqual(['chat model', 'mutation']);
  const [attempt, operation] = spans;
  expect(operation?.parentSpanContext).toMatchObject({ traceId: TRACE, spanId: A });
  expect(attempt?.parentSpanContext?.spanId).toBe(operation?.spanContext().spanId);
  const { traceId, spanId } = attempt?.spanContext() ?? {};
  expect(active).toEqual([spanId, { traceparent: `00-${traceId}-${spanId}-01` }]);
});

test('the usual variables ask for traces, in a process that sends the last ones as it stops', async () => {
  const receiver = await startOtlpReceiver();
  const { first, child, exit } = run(['--port', '0', '--no-detect'], {
    OTEL_EXPORTER_OTLP_ENDPOINT: receiver.endpoint.replace('/v1/traces', ''),
    OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=acme',
    OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc',
    OTEL_SERVICE_NAME: 'chats',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    OTEL_TRACES_SAMPLER: 'none-such',
  });
  const url = `${(await first).url}/graphql`;
  const headers = { 'content-type': 'application/json' };
  await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query: '{ __typename }' }) });
  child.kill('SIGTERM');
  const { code, stdout } = await exit;
  expect(code).toBe(0);
  expect(stdout).toContain('OTEL_TRACES_SAMPLER: expected one of always_on');
  expect(stdout).toContain('OTEL_EXPORTER_OTLP_PROTOCOL: ');
  expect(toTree(receiver.spans)).toEqual([{ name: 'query', kind: 'SERVER' }]);
  expect(receiver.spans[0]?.resource).toMatchObject({
    'service.name': 'chats',
    'deployment.environment.name': 'test',
  });
  expect(receiver.exchanges[0]?.headers).toMatchObject({ 'x-tenant': 'acme' });
});

test('an address that is none is an error of the start', async () => {
  const { exit } = run(['--port', '0'], { OTEL_EXPORTER_OTLP_ENDPOINT: '127.0.0.1:4318' });
  const { code, stderr } = await exit;
  expect(code).toBe(1);
  expect(stderr).toContain('OTEL_EXPORTER_OTLP_ENDPOINT: expected a URL, such as http://127.0.0.1:4318');
});
