import { describe, expect, onTestFinished, test } from 'vitest';
import { readCertificates } from '../../../src/providers/http/certificates.ts';
import { createHttpClient } from '../../../src/providers/http/client.ts';
import type { TextReader } from '../../../src/providers/http/response.ts';
import {
  CANCEL,
  INTERNAL_ERROR,
  NO_ERROR,
  type PeerPlay,
  type PeerStream,
  REFUSED_STREAM,
  startHttp2Peer,
} from '../../helpers/http2-peer.ts';
import { createSettings } from '../../helpers/provider-suite.ts';
import { SELF_SIGNED } from '../../helpers/tls.ts';

/** Hands on each piece of text as it comes. */
const pieces: TextReader<string> = { push: (text, texts) => void texts.push(text), end() {} };

const POST = { method: 'POST', path: '/', body: '{}' } as const;
const ca = readCertificates(SELF_SIGNED);

const hello: PeerPlay = async (stream) => {
  await stream.headers();
  await stream.data('Hello', { end: true });
};

/** Sends frames alone, or in one piece. */
const ways: readonly (readonly [string, (send: PeerPlay) => PeerPlay])[] = [
  ['one by one', (send) => send],
  [
    'together',
    (send) => async (stream) => {
      stream.socket.cork();
      await send(stream);
      stream.socket.uncork();
    },
  ],
];

describe.for(ways)('frames that come %s', ([, way]) => {
  test.for([
    ['NO_ERROR', NO_ERROR],
    ['CANCEL', CANCEL],
    ['INTERNAL_ERROR', INTERNAL_ERROR],
  ] as const)('break the body off with a %s in front of its end', async ([, code]) => {
    const client = await start([
      way(async (stream) => {
        await stream.headers();
        await stream.data('Hel');
        await stream.reset(code);
      }),
    ]);
    await expect(post(client)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
  });

  test.for([
    ['without', {}],
    ['with', { 'content-length': '5' }],
  ] as const)('end the body with END_STREAM, whatever reset comes behind it, %s a length', async ([, headers]) => {
    for (const code of [NO_ERROR, CANCEL]) {
      const client = await start([
        way(async (stream) => {
          await stream.headers(headers);
          await stream.data('Hello', { end: true });
          await stream.reset(code);
        }),
      ]);
      expect(await post(client)).toBe('Hello');
    }
  });

  const ends: readonly (readonly [string, PeerPlay, string])[] = [
    ['in its headers', (stream) => stream.headers({}, { end: true }), ''],
    [
      'in data of no bytes',
      async (stream) => {
        await stream.headers();
        await stream.data('Hello');
        await stream.data('', { end: true });
      },
      'Hello',
    ],
    [
      'in trailers',
      async (stream) => {
        await stream.headers();
        await stream.data('Hello');
        await stream.trailers({ 'x-done': '1' });
      },
      'Hello',
    ],
  ];

  test.for(ends)('end the body with END_STREAM %s', async ([, play, text]) => {
    expect(await post(await start([way(play)]))).toBe(text);
  });
});

test('what came before a body is broken off is handed on', async () => {
  const next = Promise.withResolvers<void>();
  const client = await start([
    async (stream) => {
      await stream.headers();
      await stream.data('one\n');
      await next.promise;
      await stream.data('two\n');
      await stream.reset(NO_ERROR);
    },
  ]);
  const texts = (await client.send(POST, new AbortController().signal)).read(pieces);
  expect(await texts.next()).toEqual({ done: false, value: 'one\n' });
  next.resolve();
  expect(await texts.next()).toEqual({ done: false, value: 'two\n' });
  await expect(texts.next()).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

test('a body that ended before anyone read it is a whole one', async () => {
  const sent = Promise.withResolvers<void>();
  const text = 'x'.repeat(40_000);
  const client = await start([
    async (stream) => {
      await stream.headers();
      for (let at = 0; at < text.length; at += 10_000) await stream.data(text.slice(at, at + 10_000));
      await stream.data('', { end: true });
      await stream.reset(NO_ERROR);
      sent.resolve();
    },
  ]);
  const answer = await client.send(POST, new AbortController().signal);
  await sent.promise;
  expect(await answer.text()).toBe(text);
});

test('a connection that closes in a body breaks it off', async () => {
  const client = await start([
    async (stream) => {
      await stream.headers();
      await stream.data('Hel');
      stream.socket.end();
    },
  ]);
  await expect(post(client)).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

test('a call that is left resets its stream alone, and its connection serves the next', async () => {
  const peer = await startHttp2Peer([
    async (stream) => {
      await stream.headers();
      await stream.data('Hel');
    },
    hello,
  ]);
  const client = createClient(peer.url);
  const controller = new AbortController();
  const lines = (await client.send(POST, controller.signal)).text();
  controller.abort(new Error('the caller left'));
  await expect(lines).rejects.toThrow('the caller left');
  expect(await post(client)).toBe('Hello');
  expect(new Set(peer.streams.map(({ socket }) => socket)).size).toBe(1);
});

describe('a call of which the other side says that nothing was done', () => {
  const refusals: readonly (readonly [string, PeerPlay])[] = [
    ['REFUSED_STREAM', (stream) => stream.reset(REFUSED_STREAM)],
    ['GOAWAY', (stream) => stream.goAway(0)],
  ];

  test.for(refusals)('is made once more after %s, and not a third time', async ([, refuse]) => {
    const good = await startHttp2Peer([refuse, hello]);
    expect(await post(createClient(good.url))).toBe('Hello');
    expect(good.streams).toHaveLength(2);
    const bad = await startHttp2Peer([hello, refuse]);
    const client = createClient(bad.url);
    await post(client);
    await expect(post(client)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(bad.streams).toHaveLength(3);
  });
});

describe('a connection that the other side closes', () => {
  const closings: readonly (readonly [string, (stream: PeerStream) => unknown])[] = [
    ['closes', ({ socket }) => socket.end()],
    ['breaks off', ({ socket }) => socket.destroy()],
  ];

  test.for(closings)('%s before an answer, and that was used: the call is made once more', async ([, close]) => {
    const peer = await startHttp2Peer([hello, close, hello]);
    const client = createClient(peer.url);
    expect([await post(client), await post(client)]).toEqual(['Hello', 'Hello']);
    expect(new Set(peer.streams.map(({ socket }) => socket)).size).toBe(2);
    expect(peer.streams).toHaveLength(3);
  });

  test.for(closings)('%s before an answer, and that was new: the call fails', async ([, close]) => {
    const peer = await startHttp2Peer([close]);
    await expect(post(createClient(peer.url))).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(peer.streams).toHaveLength(1);
  });
});

function createClient(baseUrl: string) {
  const client = createHttpClient({ name: 'Acme', baseUrl, ca, ...createSettings() });
  onTestFinished(() => client.close());
  return client;
}

async function start(plays: readonly [PeerPlay, ...PeerPlay[]]) {
  return createClient((await startHttp2Peer(plays)).url);
}

async function post(client: ReturnType<typeof createClient>): Promise<string> {
  return (await client.send(POST, new AbortController().signal)).text();
}
