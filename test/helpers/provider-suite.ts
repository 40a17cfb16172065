import { getEventListeners } from 'node:events';
import type { OutgoingHttpHeaders } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import type { ChatOptions } from '../../src/providers/capabilities.ts';
import type { ChatMessage, ChatPart } from '../../src/providers/chat.ts';
import type { ProviderDefinition } from '../../src/providers/definition.ts';
import { type FailureCode, ProviderError } from '../../src/providers/errors.ts';
import type { UpstreamLimits, UpstreamSettings } from '../../src/providers/http/settings.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { type Exchange, type FakeUpstream, inBytes, inHalves, type Play, startFakeUpstream } from './fake-upstream.ts';
import { user } from './messages.ts';

export interface ProviderSuite {
  readonly name: string;
  /** Makes the provider from the entry it has in the configuration. */
  create(options: object, settings: UpstreamSettings): Provider;
  /** How its upstream answers; or why it has none. */
  readonly upstream: UpstreamFixtures | string;
  /** Why nothing is open upstream any more when the first part is there; absent where something is. */
  readonly answersAtOnce?: string;
}

type Body = string | Uint8Array;

export interface UpstreamFixtures {
  /** Answers what is asked before the call itself. False: this is the call itself. */
  prelude?(exchange: Exchange): boolean;
  readonly chat: {
    readonly contentType: string;
    /** A good answer, in pieces: one that holds each text, and then what ends the answer, if anything does. */
    frames(texts: readonly string[]): readonly Body[];
    /** A body that is well-formed and says nothing. */
    readonly empty: Body;
    /** What an upstream sends while it has nothing to say, of about so many bytes. Absent: comments. */
    idle?(bytes: number): Body;
  };
  /** Absent where the provider makes no pictures. */
  readonly images?: { readonly answer: string; readonly empty: string };
}

/** One way to use a provider. */
interface Call {
  readonly title: string;
  readonly contentType: string;
  readonly answer: Uint8Array;
  /** A good beginning of it. */
  readonly begun: Uint8Array;
  readonly empty: Body;
  run(provider: Provider, signal: AbortSignal): Promise<unknown>;
}

/** A provider and its upstream, in which the call itself is told from what comes before it. */
interface Stage {
  readonly provider: Provider;
  readonly upstream: FakeUpstream;
  /** The first request of the call itself. */
  readonly called: Promise<Exchange>;
  /** When that has been answered, as far as it is. */
  readonly played: Promise<void>;
  /** All requests of the call itself. */
  readonly calls: readonly Exchange[];
}

export const GREETING = { messages: [user('Hello')] };
const TEXTS = ['Grüße', ' aus Köln,', ' 你好', ' 👩‍🚀 und', ' 🏳️‍🌈!'];

/** The contract that every provider keeps. */
export function describeProvider(suite: ProviderSuite): void {
  const { name, upstream } = suite;
  describe(`${name} keeps the contract of a provider`, () => {
    describeCallers(suite);
    if (typeof upstream === 'string') return;
    describeChat(suite, upstream);
    for (const call of toCalls(upstream)) {
      describe(`for ${call.title}`, () => {
        describeCancellation(suite, upstream, call);
        describeStatuses(suite, upstream, call);
        describeBrokenAnswers(suite, upstream, call);
        describeMessages(suite, upstream, call);
      });
    }
  });
}

/** What holds with and without an upstream. */
function describeCallers(suite: ProviderSuite): void {
  const start = () => {
    if (typeof suite.upstream === 'string') return useProvider(suite.create({}, createSettings()));
    const body = join(suite.upstream.chat.frames(TEXTS));
    return setStage(suite, suite.upstream, (exchange) => exchange.reply({ body })).then(({ provider }) => provider);
  };

  test('ends an answer with exactly one finish, after all of its text', async () => {
    const parts = await collect(chat(await start()));
    expect(parts.map(({ type }) => type)).toEqual([...parts.slice(1).map(() => 'text-delta'), 'finish']);
    expect(parts.length).toBeGreaterThan(1);
    expect(parts).not.toContainEqual({ type: 'text-delta', text: '' });
  });

  test('names the models it has, and its defaults among them', async () => {
    const { models, defaultModel, defaultImageModel, streamChat, generateImages } = await start();
    const named = (kind: string) => models.filter((model) => model.kind === kind).map((model) => model.name);
    expect([...named('CHAT'), null]).toContain(defaultModel);
    expect([...named('IMAGE'), null]).toContain(defaultImageModel);
    expect(streamChat !== undefined).toBe(named('CHAT').length > 0);
    expect(generateImages !== undefined).toBe(named('IMAGE').length > 0);
  });

  test('says which options its chat models honour, or that it is not known, and what its pictures come in', async () => {
    for (const { kind, capabilities } of (await start()).models) {
      if (kind === 'CHAT') expect(capabilities).toHaveProperty('options');
      else expect(capabilities).toMatchObject({ aspectRatios: expect.any(Boolean), imagesPerCall: expect.any(Number) });
    }
  });

  test('leaves no listener on the signal behind', async () => {
    const provider = await start();
    const { signal } = new AbortController();
    await collect(chat(provider, signal));
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('rejects with the reason of a signal that is aborted already', async () => {
    const reason = new Error('left before the start');
    await expect(collect(chat(await start(), AbortSignal.abort(reason)))).rejects.toBe(reason);
  });

  if (suite.answersAtOnce !== undefined) return;

  test('rejects with the reason of the signal when that aborts between two parts', async () => {
    const provider =
      typeof suite.upstream === 'string' ? await start() : (await setHalf(suite, suite.upstream)).provider;
    const controller = new AbortController();
    const reason = new Error('left in the middle');
    const parts = iterate(chat(provider, controller.signal));
    expect(await parts.next()).toMatchObject({ value: { type: 'text-delta' } });
    const next = parts.next();
    controller.abort(reason);
    await expect(next).rejects.toBe(reason);
    await expect(parts.next()).resolves.toEqual({ done: true, value: undefined });
  });
}

function describeChat(suite: ProviderSuite, fixtures: UpstreamFixtures): void {
  const { contentType, frames, idle } = fixtures.chat;
  const headers = { 'content-type': contentType };
  const silence = idle ? [idle(8)] : [': still here\n', '\n', '\r\n'];
  const body = join(frames(TEXTS));
  const text = TEXTS.join('');

  test('gives the text of an answer that comes whole', async () => {
    const { provider } = await setStage(suite, fixtures, (exchange) => exchange.reply({ headers, body }));
    expect(textOf(await collect(chat(provider)))).toBe(text);
  });

  test('gives the same text when every byte of the answer comes alone', async () => {
    const { provider } = await setStage(suite, fixtures, sendAll(headers, inBytes(body)));
    expect(textOf(await collect(chat(provider)))).toBe(text);
  });

  test('gives the same text wherever the answer is cut in two, inside a character too', async () => {
    const cuts = inHalves(body);
    const { provider, calls } = await setStage(suite, fixtures, (exchange) =>
      sendAll(headers, cuts[calls.length - 1] ?? [])(exchange),
    );
    for (const _cut of cuts) expect(textOf(await collect(chat(provider)))).toBe(text);
    expect(calls).toHaveLength(cuts.length);
  });

  if (suite.answersAtOnce !== undefined) return;

  test('gives each part as soon as it is there', async () => {
    const { provider, called } = await setHalf(suite, fixtures);
    const parts = iterate(chat(provider));
    expect(await parts.next()).toMatchObject({ value: { type: 'text-delta' } });
    const exchange = await called;
    await exchange.send(...frames(TEXTS).slice(1));
    exchange.end();
    const rest: ChatPart[] = [];
    for await (const part of { [Symbol.asyncIterator]: () => parts }) rest.push(part);
    expect(TEXTS[0] + textOf(rest)).toBe(text);
  });

  test('lets go of the upstream when nobody reads on', async () => {
    const { provider, called } = await setHalf(suite, fixtures);
    for await (const _part of chat(provider)) break;
    await (await called).closed;
  });

  test('lets go of the upstream when aborted between two parts, whether or not somebody waits for the next', async () => {
    for (const waits of [true, false]) {
      const { provider, called } = await setHalf(suite, fixtures);
      const controller = new AbortController();
      const reason = new Error('left in the middle');
      const parts = iterate(chat(provider, controller.signal));
      await parts.next();
      const waiting = waits ? expect(parts.next()).rejects.toBe(reason) : undefined;
      controller.abort(reason);
      await (await called).closed;
      await (waiting ?? expect(parts.next()).rejects.toBe(reason));
    }
  });

  test('has time for as long as parts come', async () => {
    const { provider } = await setStage(
      suite,
      fixtures,
      async (exchange) => {
        await exchange.begin({ headers });
        for (const frame of frames(TEXTS)) {
          await sleep(700); // All of them together are longer than a deadline.
          await exchange.send(frame);
        }
        exchange.end();
      },
      { limits: { firstPartTimeoutMs: 3000, idleTimeoutMs: 3000 } },
    );
    expect(textOf(await collect(chat(provider)))).toBe(text);
  });

  test('fails with TIMEOUT when an answer that has begun goes on with nothing that is said for too long', async () => {
    const { provider, upstream } = await setStage(
      suite,
      fixtures,
      async (exchange) => {
        await exchange.begin({ headers });
        await exchange.send(...frames(TEXTS).slice(0, 1));
        while (!exchange.gone) await exchange.send(...silence);
      },
      { limits: { maxDurationMs: 300 } },
    );
    await expect(collect(chat(provider))).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
    await upstream.allClosed();
  });

  test('fails with TIMEOUT when nothing that is said comes', async () => {
    const { provider, upstream } = await setStage(
      suite,
      fixtures,
      async (exchange) => {
        await exchange.begin({ headers });
        while (!exchange.gone) await exchange.send(...silence);
      },
      { limits: { firstPartTimeoutMs: 150, idleTimeoutMs: 50 } },
    );
    await expect(collect(chat(provider))).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
    await upstream.allClosed();
  });
}

function describeCancellation(suite: ProviderSuite, fixtures: UpstreamFixtures, call: Call): void {
  const headers = { 'content-type': call.contentType };
  const silences: readonly (readonly [string, Play])[] = [
    ['before the headers', () => {}],
    ['before the first byte of the body', (exchange) => exchange.begin({ headers })],
    ['in the middle of the answer', sendAll(headers, [call.begun], () => {})],
    ['in the middle of an error', sendAll(headers, ['{"error":'], () => {}, 500)],
  ];

  test.for(silences)('lets go of the upstream at once when aborted %s', async ([_title, play]) => {
    const { provider, called, played, calls } = await setStage(suite, fixtures, play);
    const controller = new AbortController();
    const reason = new Error('the caller left');
    const outcome = expect(call.run(provider, controller.signal)).rejects.toBe(reason);
    const exchange = await called;
    await played;
    controller.abort(reason);
    await outcome;
    await exchange.closed;
    expect(calls).toHaveLength(1);
    expect(getEventListeners(controller.signal, 'abort')).toEqual([]);
  });

  test('makes no request when aborted already', async () => {
    const { provider, upstream } = await setStage(suite, fixtures, () => {});
    const reason = new Error('left before the start');
    await expect(call.run(provider, AbortSignal.abort(reason))).rejects.toBe(reason);
    await provider.close?.();
    expect(upstream.exchanges).toEqual([]);
  });

  test('leaves no deadline running behind, however it ends', async () => {
    const limits = { firstPartTimeoutMs: 54_321, idleTimeoutMs: 65_432 };
    const count = watchTimers(Object.values(limits));
    const ends: readonly Play[] = [
      sendAll(headers, [call.answer]),
      (exchange) => exchange.reply({ status: 500, body: '{}' }),
      (exchange) => exchange.breakOff(),
      (exchange) => exchange.reply({ headers: { 'content-encoding': 'gzip' }, body: call.answer }),
    ];
    for (const play of ends) {
      const { provider } = await setStage(suite, fixtures, play, { limits });
      await run(call, provider).catch(() => {}); // What it ends with is not the question here.
    }
    expect(count().started).toBeGreaterThanOrEqual(ends.length);
    expect(count().left).toBe(0);
  });

  test('ends when the provider is closed', async () => {
    const { provider, called } = await setStage(suite, fixtures, () => {});
    const outcome = expect(run(call, provider)).rejects.toBeInstanceOf(ProviderError);
    const exchange = await called;
    await provider.close?.();
    await Promise.all([outcome, exchange.closed]);
  });

  const deadlines: readonly (readonly [string, Partial<UpstreamLimits>, Play])[] = [
    ['no headers come', { firstPartTimeoutMs: 80 }, () => {}],
    ['no answer follows the headers', { firstPartTimeoutMs: 80 }, (exchange) => exchange.begin({ headers })],
    ['an answer stops', { idleTimeoutMs: 80 }, sendAll(headers, [call.begun], () => {})],
  ];

  test.for(deadlines)('fails with TIMEOUT when %s', async ([_title, limits, play]) => {
    const { provider, upstream } = await setStage(suite, fixtures, play, { limits });
    await expect(run(call, provider)).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true });
    await upstream.allClosed(); // It may be over before the call has arrived.
  });
}

const CHALLENGES = [
  '<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head><body></body></html>',
  '<!DOCTYPE html><html><head><title>Attention Required! | Cloudflare</title></head></html>',
  '<html><body><div class="cf-please-wait">Please wait</div></body></html>',
  '<html><body><div id="cf-spinner-please-wait"></div></body></html>',
];
const PAGE = '<!DOCTYPE html><html><head><title>Well well</title></head><body>Something is amiss</body></html>';

const FAILURES: readonly (readonly [number, FailureCode, boolean])[] = [
  [429, 'RATE_LIMITED', true],
  [402, 'RATE_LIMITED', false],
  [401, 'UNAUTHORIZED', false],
  [403, 'UNAUTHORIZED', false],
  [408, 'TIMEOUT', true],
  [504, 'TIMEOUT', true],
  [500, 'UNAVAILABLE', true],
  [502, 'UNAVAILABLE', true],
  [503, 'UNAVAILABLE', true],
  [400, 'REJECTED', false],
  [404, 'REJECTED', false],
  [409, 'REJECTED', true],
  [422, 'REJECTED', false],
];

function describeStatuses(suite: ProviderSuite, fixtures: UpstreamFixtures, call: Call): void {
  test.for(FAILURES)('fails after a %i with %s, retryable: %s', async ([status, code, retryable]) => {
    const { provider } = await setStage(suite, fixtures, (exchange) => exchange.reply({ status }));
    const error = await failure(call, provider);
    expect(error).toMatchObject({ code, retryable, status });
    expect(error.message).toContain(String(status));
  });

  test.for([403, 503])('fails with BLOCKED after a %i that is a bot challenge', async (status) => {
    for (const body of CHALLENGES) {
      const { provider } = await setStage(suite, fixtures, (exchange) => exchange.reply({ status, body }));
      expect(await failure(call, provider)).toMatchObject({ code: 'BLOCKED', retryable: false, status });
    }
  });

  test('fails with BAD_RESPONSE after a redirect, and does not follow it', async () => {
    const elsewhere = await startFakeUpstream((exchange) => exchange.reply({ body: call.answer }));
    const { provider, calls } = await setStage(suite, fixtures, (exchange) =>
      exchange.reply({ status: 302, headers: { location: elsewhere.url } }),
    );
    expect(await failure(call, provider)).toMatchObject({ code: 'BAD_RESPONSE', retryable: false, status: 302 });
    expect(calls).toHaveLength(1);
    expect(elsewhere.exchanges).toEqual([]);
  });

  test('tells the status of an error whose body never ends, and reads little of it', async () => {
    let pieces = 0;
    const { provider, called } = await setStage(suite, fixtures, async (exchange) => {
      await exchange.begin({ status: 500 });
      for (; !exchange.gone; pieces++) await exchange.send(Buffer.alloc(65_536));
    });
    expect(await failure(call, provider)).toMatchObject({ code: 'UNAVAILABLE', status: 500 });
    await (await called).closed;
    expect(pieces).toBeLessThan(50);
  });
}

function describeBrokenAnswers(suite: ProviderSuite, fixtures: UpstreamFixtures, call: Call): void {
  const headers = { 'content-type': call.contentType };

  test('fails with UNREACHABLE when nobody listens', async () => {
    const { provider, upstream } = await setStage(suite, fixtures, () => {});
    await upstream.close();
    expect(await failure(call, provider)).toMatchObject({ code: 'UNREACHABLE', retryable: true });
  });

  const length = Buffer.byteLength(call.answer);
  const pieces = [call.begun];
  const breaks: readonly (readonly [string, Play])[] = [
    ['is reset before the headers', (exchange) => exchange.reset()],
    ['closes before the headers', (exchange) => exchange.breakOff()],
    ['is reset within a chunked answer', sendAll(headers, pieces, (exchange) => exchange.reset())],
    ['closes within a chunked answer', sendAll(headers, pieces, (exchange) => exchange.breakOff())],
    [
      'closes, as it said it would, within a chunked answer',
      sendAll({ ...headers, connection: 'close' }, pieces, (exchange) => exchange.breakOff()),
    ],
    [
      'closes short of the content-length',
      sendAll({ ...headers, 'content-length': length }, pieces, (exchange) => exchange.breakOff()),
    ],
    [
      'closes, as it said it would, short of the content-length',
      sendAll({ ...headers, 'content-length': length, connection: 'close' }, pieces, (exchange) => exchange.breakOff()),
    ],
  ];

  test.for(breaks)('fails with UNREACHABLE when the connection %s', async ([_title, play]) => {
    const { provider, calls } = await setStage(suite, fixtures, play);
    expect(await failure(call, provider)).toMatchObject({ code: 'UNREACHABLE', retryable: true });
    expect(calls).toHaveLength(1);
  });

  const bad: readonly (readonly [string, Body, OutgoingHttpHeaders])[] = [
    ['a page', PAGE, { 'content-type': 'text/html; charset=utf-8' }],
    ['a page under the name of an answer', PAGE, headers],
    ['an answer without content', call.empty, headers],
    ['nothing', '', headers],
    ['blanks', ' \r\n\n', headers],
    ['an answer said to be compressed', call.answer, { ...headers, 'content-encoding': 'gzip' }],
  ];

  test.for(bad)('fails with BAD_RESPONSE when the upstream sends %s', async ([_title, body, headers]) => {
    const { provider, calls } = await setStage(suite, fixtures, (exchange) => exchange.reply({ headers, body }));
    const error = await failure(call, provider);
    expect(error).toMatchObject({ code: 'BAD_RESPONSE', retryable: false });
    expect(error.message).not.toContain('amiss');
    expect(calls).toHaveLength(1);
  });

  test('fails with BAD_RESPONSE when what comes is not HTTP', async () => {
    const { provider } = await setStage(suite, fixtures, ({ response }) => response.socket?.end('Hello?\r\n\r\n'));
    expect(await failure(call, provider)).toMatchObject({ code: 'BAD_RESPONSE' });
  });

  test('closes the connection of an answer that it does not read', async () => {
    const compressed = { ...headers, 'content-encoding': 'br' };
    const { provider, called } = await setStage(
      suite,
      fixtures,
      sendAll(compressed, [call.begun], () => {}),
    );
    expect(await failure(call, provider)).toMatchObject({ code: 'BAD_RESPONSE' });
    await (await called).closed;
  });

  test('fails with TOO_LARGE, and closes the connection, when an answer passes the limit', async () => {
    const maxAnswerBytes = 5_000;
    const { idle = (bytes: number) => `: ${'x'.repeat(bytes)}\n` } = fixtures.chat;
    const { provider, called } = await setStage(
      suite,
      fixtures,
      sendAll(headers, [call.begun, idle(maxAnswerBytes)], () => {}),
      { limits: { maxAnswerBytes } },
    );
    expect(await failure(call, provider)).toMatchObject({ code: 'TOO_LARGE', retryable: false });
    await (await called).closed;
  });
}

function describeMessages(suite: ProviderSuite, fixtures: UpstreamFixtures, call: Call): void {
  test.for([
    { error: { message: 'The prompt is no good' } },
    { error: 'The prompt is no good' },
    { message: 'The prompt is no good' },
  ])('quotes what the upstream says in %j', async (body) => {
    const { provider } = await setStage(suite, fixtures, (exchange) =>
      exchange.reply({ status: 400, body: JSON.stringify(body) }),
    );
    expect((await failure(call, provider)).message).toContain('The prompt is no good');
  });

  test.for([PAGE, 'Something is amiss', '"Something is amiss"', '["Something is amiss"]', 'null'])(
    'does not quote the body %s',
    async (body) => {
      const { provider } = await setStage(suite, fixtures, (exchange) => exchange.reply({ status: 500, body }));
      expect((await failure(call, provider)).message).not.toContain('amiss');
    },
  );

  test('shows no configured header and no cookie, though the upstream says them', async () => {
    const key = 'sk-0123456789abcdef';
    const token = 'tokenABCDEF012345';
    const options = {
      headers: { 'X-Api-Key': key, authorization: `Bearer ${token}` },
      cookie: 'session=s3cr3t-c00kie; theme=dark-and-quiet',
    };
    for (const padding of ['', 'x'.repeat(480), 'x'.repeat(495)]) {
      const { provider, called } = await setStage(
        suite,
        fixtures,
        ({ headers, reply }) => {
          const said = `${padding} ${headers['x-api-key']} ${headers.cookie} ${headers.authorization}`;
          reply({ status: 401, body: JSON.stringify({ error: { message: said } }) });
        },
        { options },
      );
      const { message } = await failure(call, provider);
      expect((await called).headers).toMatchObject({ 'x-api-key': key, cookie: options.cookie });
      expect(message).toContain('401');
      for (const secret of ['sk-0', 's3cr', 'toke', 'dark']) expect(message).not.toContain(secret);
    }
  });
}

function toCalls({ chat: { contentType, frames, empty }, images }: UpstreamFixtures): readonly Call[] {
  const all = frames(TEXTS);
  const answer = join(all);
  const chatCall: Call = {
    title: 'a chat',
    contentType,
    answer,
    begun: all.length > 1 ? join(all.slice(0, 1)) : half(answer),
    empty,
    run: (provider, signal) => collect(chat(provider, signal)),
  };
  if (!images) return [chatCall];
  const imageCall: Call = {
    title: 'pictures',
    contentType: 'application/json',
    answer: join([images.answer]),
    empty: images.empty,
    begun: half(join([images.answer])),
    run: (provider, signal) => draw(provider, {}, signal),
  };
  return [chatCall, imageCall];
}

interface StageOptions {
  readonly options?: object;
  readonly limits?: Partial<UpstreamLimits>;
}

async function setStage(
  suite: ProviderSuite,
  fixtures: UpstreamFixtures,
  play: Play,
  { options = {}, limits = {} }: StageOptions = {},
): Promise<Stage> {
  const calls: Exchange[] = [];
  const called = Promise.withResolvers<Exchange>();
  const played = Promise.withResolvers<void>();
  const upstream = await startFakeUpstream(async (exchange) => {
    if (fixtures.prelude?.(exchange)) return;
    calls.push(exchange);
    called.resolve(exchange);
    await play(exchange);
    played.resolve();
  });
  const provider = useProvider(suite.create({ baseUrl: upstream.url, ...options }, createSettings(limits)));
  return { provider, upstream, called: called.promise, played: played.promise, calls };
}

/** An upstream that stops after its first frame. */
function setHalf(suite: ProviderSuite, fixtures: UpstreamFixtures): Promise<Stage> {
  const { contentType, frames } = fixtures.chat;
  return setStage(
    suite,
    fixtures,
    sendAll({ 'content-type': contentType }, frames(TEXTS).slice(0, 1), () => {}),
  );
}

function sendAll(
  headers: OutgoingHttpHeaders,
  pieces: readonly (string | Uint8Array)[],
  end: Play = (exchange) => exchange.end(),
  status = 200,
): Play {
  return async (exchange) => {
    await exchange.begin({ status, headers });
    await exchange.send(...pieces);
    end(exchange);
  };
}

/** Makes a provider of its definition, closed when the test has finished. */
export function createProvider(
  { options, create }: ProviderDefinition,
  entry: object,
  settings: UpstreamSettings = createSettings(),
): Provider {
  return useProvider(create(options.parse(entry), settings));
}

function useProvider(provider: Provider): Provider {
  onTestFinished(() => provider.close?.());
  return provider;
}

/** Limits that no test meets by accident: each is longer than a test may take. */
export function createSettings(
  limits: Partial<UpstreamLimits> = {},
  environmentProxies: UpstreamSettings['environmentProxies'] = {},
): UpstreamSettings {
  const standard = {
    connectTimeoutMs: 120_000,
    firstPartTimeoutMs: 120_000,
    idleTimeoutMs: 120_000,
    maxDurationMs: 0,
    finishGraceMs: 120_000,
    maxAnswerBytes: 1_000_000,
  };
  return { limits: { ...standard, ...limits }, environmentProxies };
}

/** Starts a chat with the default model. */
export function chat(
  provider: Provider,
  signal: AbortSignal = new AbortController().signal,
  messages: readonly ChatMessage[] = GREETING.messages,
  options: ChatOptions = {},
): AsyncIterable<ChatPart> {
  if (!provider.streamChat) throw new Error(`expected ${provider.id} to chat`);
  return provider.streamChat({ model: provider.defaultModel ?? '', messages, ...options }, signal);
}

/** Asks for one picture of the default image model. */
export async function draw(
  provider: Provider,
  { prompt = 'a cat', aspectRatio = { width: 1, height: 1 }, count = 1 } = {},
  signal: AbortSignal = new AbortController().signal,
) {
  if (!provider.generateImages) throw new Error(`expected ${provider.id} to draw`);
  return provider.generateImages({ model: provider.defaultImageModel ?? '', prompt, aspectRatio, count }, signal);
}

export async function collect(parts: AsyncIterable<ChatPart>): Promise<ChatPart[]> {
  return Array.fromAsync(parts);
}

/** Parts, or what stands among them, with text that follows text as one: in how many it comes is a matter of moments. */
export function joinText<T>(parts: readonly T[]): T[] {
  const joined: T[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (isText(part) && isText(last) && part.type === last.type && callOf(part) === callOf(last)) {
      joined[joined.length - 1] = { ...last, text: last.text + part.text };
    } else joined.push(part);
  }
  return joined;
}

function isText(part: unknown): part is Extract<ChatPart, { readonly text: string }> {
  return typeof part === 'object' && part !== null && 'text' in part;
}

function callOf(part: ChatPart): number | undefined {
  return part.type === 'tool-call-delta' ? part.index : undefined;
}

export function textOf(parts: readonly ChatPart[]): string {
  return parts.map((part) => (part.type === 'text-delta' ? part.text : '')).join('');
}

function iterate(parts: AsyncIterable<ChatPart>): AsyncIterator<ChatPart> {
  return parts[Symbol.asyncIterator]();
}

function run(call: Call, provider: Provider): Promise<unknown> {
  return call.run(provider, new AbortController().signal);
}

async function failure(call: Call, provider: Provider): Promise<ProviderError> {
  const error = await run(call, provider).then(
    () => new Error('expected a failure, got an answer'),
    (error: unknown) => error,
  );
  if (!(error instanceof ProviderError)) throw error;
  return error;
}

function join(frames: readonly Body[]): Uint8Array {
  return Buffer.concat(frames.map((frame) => (typeof frame === 'string' ? Buffer.from(frame) : frame)));
}

function half(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(0, bytes.length / 2);
}

/** Watches the timers of these durations; returns how many of them were started, and how many are never stopped. */
function watchTimers(durations: readonly number[]) {
  const started = vi.spyOn(globalThis, 'setTimeout');
  const stopped = vi.spyOn(globalThis, 'clearTimeout');
  onTestFinished(() => {
    vi.restoreAllMocks();
  });
  return () => {
    const timers = started.mock.results
      .filter((_result, at) => durations.includes(Number(started.mock.calls[at]?.[1])))
      .map(({ value }) => value);
    const ended = new Set<unknown>(stopped.mock.calls.flat());
    return { started: timers.length, left: timers.filter((timer) => !ended.has(timer)).length };
  };
}
