import { setImmediate as nextTurn } from 'node:timers/promises';
import { brotliCompressSync, createGzip, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { Agent } from 'undici';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../../src/providers/http/client.ts';
import { decodeBody } from '../../../src/providers/http/decode-body.ts';
import { sendRequest } from '../../../src/providers/http/dispatch.ts';
import type { TextReader } from '../../../src/providers/http/response.ts';
import { type Exchange, type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createSettings } from '../../helpers/provider-suite.ts';

/** Hands on each piece of text as it comes. */
const pieces: TextReader<string> = { push: (text, texts) => void texts.push(text), end() {} };

const TEXT = 'Grüße aus 東京 👋🏽\n'.repeat(50);
const POST = { method: 'POST', path: '/', body: '{}' } as const;

const encodings: readonly (readonly [string, (text: string) => Uint8Array])[] = [
  ['gzip', gzipSync],
  ['x-gzip', gzipSync],
  [' GZIP ', gzipSync],
  ['gzip', (text) => Buffer.concat([gzipSync(text.slice(0, 9)), gzipSync(text.slice(9))])],
  ['deflate', deflateSync],
  ['deflate', deflateRawSync],
  ['br', brotliCompressSync],
  ['zstd', zstdCompressSync],
  ['br, gzip', (text) => gzipSync(brotliCompressSync(text))],
  ['identity, gzip', gzipSync],
];

describe.for(encodings)('a body in %s', ([encoding, compress]) => {
  const headers = { 'content-encoding': encoding };
  const whole = compress(TEXT);

  test('is read as what was compressed', async () => {
    expect(await read(({ reply }) => reply({ headers, body: whole }))).toBe(TEXT);
  });

  test('is read in single bytes too', async () => {
    const play: Play = async ({ begin, send, end }) => {
      await begin({ headers });
      for (const byte of whole) await send(Uint8Array.of(byte));
      end();
    };
    expect(await read(play)).toBe(TEXT);
  });

  test('that is empty is no broken one', async () => {
    expect(await read(({ reply }) => reply({ headers }))).toBe('');
  });

  test.for([1, 5, -1])('that ends at byte %i is BAD_RESPONSE', async (at) => {
    const play: Play = ({ reply }) => reply({ headers, body: whole.subarray(0, at) });
    await expect(read(play)).rejects.toMatchObject({ code: 'BAD_RESPONSE', retryable: false });
  });

  test('that is something else is BAD_RESPONSE, and its connection is closed', async () => {
    const upstream = await startFakeUpstream(({ begin, send }) =>
      begin({ headers }).then(() => send('\u0000\u0001 this is neither\n'.repeat(20))),
    );
    const error = await post(upstream.url).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'BAD_RESPONSE' });
    expect(String(error)).not.toContain('neither');
    await upstream.allClosed();
  });

  test('that breaks off is UNREACHABLE', async () => {
    const play: Play = async ({ begin, send, breakOff }) => {
      await begin({ headers });
      await send(whole.subarray(0, -1));
      breakOff();
    };
    await expect(read(play)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
  });

  test('with a bad status has its message quoted', async () => {
    const body = compress(JSON.stringify({ error: { message: 'Too many tokens' } }));
    const play: Play = ({ reply }) => reply({ status: 400, headers, body });
    await expect(read(play)).rejects.toThrow('answered 400: Too many tokens');
  });
});

test.for(['none', 'identity', 'utf-8', '', 'Identity', 'NONE, identity'])(
  'a body in the encoding "%s" is taken as it is',
  async (encoding) => {
    expect(await read(({ reply }) => reply({ headers: { 'content-encoding': encoding }, body: TEXT }))).toBe(TEXT);
  },
);

test.for(['compress', 'sk-0123456789', 'gzip, gzip, gzip'])(
  'a body in the encoding "%s" is BAD_RESPONSE, without a word of it',
  async (encoding) => {
    const upstream = await startFakeUpstream(({ begin }) => begin({ headers: { 'content-encoding': encoding } }));
    const error = await post(upstream.url).catch((error: unknown) => error);
    expect(error).toMatchObject({ code: 'BAD_RESPONSE' });
    expect(String(error)).not.toContain(encoding);
    await upstream.allClosed();
  },
);

test('each piece that is flushed comes out as it arrives, also before the connection breaks', async () => {
  const next = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
  const upstream = await startFakeUpstream(async (exchange) => {
    await exchange.begin({ headers: { 'content-encoding': 'gzip' } });
    const flush = compressTo(exchange);
    await flush('one\n');
    await next[0].promise;
    await flush('two\n');
    await next[1].promise;
    await flush('three\n');
    exchange.breakOff();
  });
  const texts = (await createClient(upstream.url).send(POST, new AbortController().signal)).read(pieces);
  expect(await texts.next()).toEqual({ done: false, value: 'one\n' });
  next[0].resolve();
  expect(await texts.next()).toEqual({ done: false, value: 'two\n' });
  next[1].resolve();
  expect(await texts.next()).toEqual({ done: false, value: 'three\n' });
  await expect(texts.next()).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

describe('a bomb', () => {
  const BYTES = 100_000_000;
  const bomb = gzipSync(gzipSync(Buffer.alloc(BYTES), { level: 9 }));
  const play: Play = ({ reply }) => reply({ headers: { 'content-encoding': 'gzip, gzip' }, body: bomb });

  test('is TOO_LARGE by what it expands to, and is let go of', async () => {
    const upstream = await startFakeUpstream(play);
    const answer = await createClient(upstream.url, 1_000_000).send(POST, new AbortController().signal);
    await expect(answer.bytes()).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await upstream.allClosed();
  });

  test('is unpacked no further than it is read', async () => {
    const upstream = await startFakeUpstream(play);
    const agent = new Agent();
    onTestFinished(() => agent.destroy());
    const { signal } = new AbortController();
    const { body } = await sendRequest(agent, { origin: upstream.url, path: '/', method: 'GET' }, signal);
    const decoded = decodeBody({ name: 'Upstream', encoding: 'gzip, gzip', body, signal });
    const before = process.memoryUsage().arrayBuffers;
    let bytes = 0;
    await new Promise<void>((resolve, reject) =>
      decoded?.receive({
        onData(chunk) {
          bytes += chunk.byteLength;
          decoded.pause();
          resolve();
        },
        onEnd: () => reject(new Error('expected no end')),
        onError: reject,
      }),
    );
    let most = 0;
    for (let turn = 0; turn < 1000; turn++) {
      await nextTurn();
      most = Math.max(most, process.memoryUsage().arrayBuffers - before);
    }
    decoded?.drop();
    await upstream.allClosed();
    expect(bytes + most).toBeLessThan(BYTES / 20);
  });

  test('is given up with its call', async () => {
    const upstream = await startFakeUpstream(play);
    const controller = new AbortController();
    const answer = await createClient(upstream.url, 2 * BYTES).send(POST, controller.signal);
    const reading = answer.bytes();
    await nextTurn();
    controller.abort(new Error('the caller left'));
    await expect(reading).rejects.toThrow('the caller left');
    await upstream.allClosed();
  });
});

test.for([{}, { 'Accept-Encoding': 'gzip' }])('is asked for as it is, unless %o is configured', async (headers) => {
  const upstream = await startFakeUpstream(({ reply }) => reply({ body: TEXT }));
  await post(upstream.url, headers);
  const { rawHeaders } = await upstream.exchange();
  const names = rawHeaders.filter((_, at) => at % 2 === 0).map((name) => name.toLowerCase());
  expect(names.filter((name) => name === 'accept-encoding')).toHaveLength(1);
  expect((await upstream.exchange()).headers['accept-encoding']).toBe(headers['Accept-Encoding'] ?? 'identity');
});

function createClient(baseUrl: string, maxAnswerBytes = 10_000_000, headers = {}) {
  const client = createHttpClient({ name: 'Upstream', baseUrl, headers, ...createSettings({ maxAnswerBytes }) });
  onTestFinished(() => client.close());
  return client;
}

async function post(url: string, headers = {}): Promise<string> {
  const answer = await createClient(url, undefined, headers).send(POST, new AbortController().signal);
  return answer.text();
}

async function read(play: Play): Promise<string> {
  return post((await startFakeUpstream(play)).url);
}

/** Sends what it is given, compressed, at once. */
function compressTo({ send }: Exchange) {
  const gzip = createGzip();
  return async (text: string) => {
    gzip.write(text);
    await new Promise<void>((resolve) => gzip.flush(resolve));
    await send(gzip.read());
  };
}
