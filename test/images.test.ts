import { createClient } from 'graphql-ws';
import { describe, expect, test } from 'vitest';
import { overPost, overWebSocket, type Result, transports } from './helpers/clients.ts';
import {
  type Answer,
  type Exchange,
  type FakeUpstream,
  type Play,
  startFakeUpstream,
} from './helpers/fake-upstream.ts';
import { PICTURES, PNG } from './helpers/pictures.ts';
import { startServer, type TestServer } from './helpers/server.ts';

const FIELDS = 'url dataUri mediaType width height';
const PNG_URI = `data:image/png;base64,${PNG.toString('base64')}`;
const SIZED = { dataUri: PNG_URI, mediaType: 'image/png', width: 3, height: 2 };
const UNKNOWN = { dataUri: null, mediaType: null, width: null, height: null };

/** Asks a site for pictures whose addresses it makes up, and answers for those too. */
async function startSite(
  download: Play,
  { config = {}, address = (site: FakeUpstream, index: number) => `${site.url}/${index}.png` } = {},
): Promise<{ readonly site: FakeUpstream; readonly server: TestServer; downloads(): readonly Exchange[] }> {
  let orders = 0;
  const site: FakeUpstream = await startFakeUpstream((exchange) => {
    if (exchange.method === 'GET') return download(exchange);
    exchange.reply({ body: JSON.stringify({ url: address(site, ++orders) }) });
  });
  const server = await startServer({ config: { ...config, providers: { websim: { baseUrl: site.url } } } });
  return { site, server, downloads: () => site.exchanges.filter(({ method }) => method === 'GET') };
}

const answers =
  (answer: Answer): Play =>
  ({ reply }) =>
    reply(answer);

const picture = answers({ body: PNG });

const draw = (fields = FIELDS, input = 'provider: "websim"') =>
  `mutation { generateImage(input: { prompt: "a cat", ${input} }) { ... on GeneratedImages { images { ${fields} } } } }`;

const ANSWER = `mutation { completeChat(input: { messages: [{ role: USER, content: "a cat" }], model: "websim/flux" }) {
  ... on ChatAnswer { images { ${FIELDS} } }
} }`;

const CHAT = `subscription { chat(input: { messages: [{ role: USER, content: "a cat" }], model: "websim/flux" }) {
  __typename ... on ChatImage { image { ${FIELDS} } }
} }`;

const first = ([result]: readonly Result[]) => result as { data: Record<string, { images: unknown[] }> };
const codes = ([result]: readonly Result[]) => result?.errors?.map(({ extensions }) => extensions?.code) ?? [];

describe('a picture that is only linked to', () => {
  test.for(transports)('has its bytes and size over %s, from one download', async ([_transport, run]) => {
    const { server, site, downloads } = await startSite(picture);
    const image = { url: `${site.url}/1.png`, ...SIZED };
    expect(await run(server, { query: draw() })).toEqual([{ data: { generateImage: { images: [image] } } }]);
    expect(downloads().map(({ url }) => url)).toEqual(['/1.png']);
  });

  test.for(transports)('has them in a whole answer over %s', async ([_transport, run]) => {
    const { server, site, downloads } = await startSite(picture);
    const image = { url: `${site.url}/1.png`, ...SIZED };
    expect(await run(server, { query: ANSWER })).toEqual([{ data: { completeChat: { images: [image] } } }]);
    expect(downloads().length).toBe(1);
  });

  test.for(transports.filter(([transport]) => transport !== 'POST'))(
    'has them in the events of a chat over %s',
    async ([_transport, run]) => {
      const { server, site, downloads } = await startSite(picture);
      const events = (await run(server, { query: CHAT })).map(({ data }) => data?.chat);
      expect(events).toEqual([
        { __typename: 'ChatStarted' },
        { __typename: 'ChatImage', image: { url: `${site.url}/1.png`, ...SIZED } },
        { __typename: 'ChatFinished' },
      ]);
      expect(downloads().length).toBe(1);
    },
  );

  test.for(['url alt', 'url mediaType'])('is not downloaded for %s', async (fields) => {
    const { server, site, downloads } = await startSite(picture);
    const [image] = first(await overPost(server, { query: draw(fields) })).data.generateImage?.images ?? [];
    expect(image).toMatchObject({ url: `${site.url}/1.png` });
    expect(image).not.toHaveProperty('mediaType', expect.any(String));
    expect(downloads()).toEqual([]);
  });

  test.for(['mediaType width', 'width mediaType', 'mediaType dataUri'])(
    'has its media type when it is downloaded anyway: %s',
    async (fields) => {
      const { server, downloads } = await startSite(picture);
      const result = first(await overPost(server, { query: draw(fields) }));
      expect(result.data.generateImage?.images[0]).toMatchObject({ mediaType: 'image/png' });
      expect(downloads().length).toBe(1);
    },
  );

  test.for(Object.entries(PICTURES))('is %s by its bytes, whatever its host says', async ([mediaType, body]) => {
    const { server } = await startSite(answers({ headers: { 'content-type': 'text/html' }, body }));
    const dataUri = `data:${mediaType};base64,${body.toString('base64')}`;
    const result = first(await overPost(server, { query: draw() }));
    expect(result.data.generateImage?.images[0]).toMatchObject({ dataUri, mediaType, width: 3, height: 2 });
  });

  test('is downloaded for each of several', async () => {
    const { server, downloads } = await startSite(picture);
    const result = first(await overPost(server, { query: draw('dataUri width', 'provider: "websim", count: 3') }));
    expect(result.data.generateImage?.images).toEqual(Array(3).fill({ dataUri: PNG_URI, width: 3 }));
    expect(
      downloads()
        .map(({ url }) => url)
        .toSorted(),
    ).toEqual(['/1.png', '/2.png', '/3.png']);
  });
});

describe('a picture that cannot be had', () => {
  const failures: readonly (readonly [string, Play, object?])[] = [
    ['REJECTED', answers({ status: 404 })],
    ['UNAVAILABLE', answers({ status: 500 })],
    ['BAD_RESPONSE', answers({ headers: { 'content-type': 'image/png' }, body: '<!doctype html><p>Log in</p>' })],
    ['BAD_RESPONSE', answers({ status: 302, headers: { location: '/again' } })],
    ['BLOCKED', answers({ status: 302, headers: { location: 'http://localhost:1/' } })],
    ['BLOCKED', answers({ status: 302, headers: { location: 'file:///etc/passwd' } })],
    ['TOO_LARGE', picture, { maxImageBytes: PNG.length - 1 }],
    ['TIMEOUT', () => {}, { firstByteTimeoutMs: 3000 }],
    ['UNREACHABLE', ({ reset }) => reset()],
  ];

  test.for(failures)('is null with the error %s, and the rest of the answer stands', async ([code, play, limits]) => {
    const { server, site } = await startSite(play, { config: { limits } });
    const [result] = await overPost(server, { query: draw() });
    expect(result?.data).toEqual({ generateImage: { images: [{ url: `${site.url}/1.png`, ...UNKNOWN }] } });
    expect(codes([result ?? {}])).toEqual([code, code, code]);
    expect(result?.errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual([
      'generateImage.images.0.dataUri',
      'generateImage.images.0.height',
      'generateImage.images.0.width',
    ]);
    expect(server.errors()).toEqual([]);
    await expect.poll(() => server.log.find(({ msg }) => msg === 'operation')).toMatchObject({ code });
  });

  test.for([
    (canary: FakeUpstream) => canary.url,
    ({ port }: FakeUpstream) => `http://localhost:${port}/`,
    ({ port }: FakeUpstream) => `http://2130706433:${port}/`,
    ({ port }: FakeUpstream) => `http://[::ffff:127.0.0.1]:${port}/`,
    ({ port }: FakeUpstream) => `http://0.0.0.0:${port}/`,
  ])('is BLOCKED on a private network where no provider is', async (addressOf) => {
    const canary = await startFakeUpstream(picture);
    const url = addressOf(canary);
    const { server } = await startSite(picture, { address: () => url });
    for (const run of [overPost, overWebSocket]) {
      const [result] = await run(server, { query: draw() });
      expect(result?.data).toEqual({ generateImage: { images: [{ url, ...UNKNOWN }] } });
      expect(result?.errors?.[0]).toMatchObject({
        message: `${new URL(url).hostname.replace(/[[\]]/g, '')} is not on the public internet: nothing is fetched from there`,
        extensions: { code: 'BLOCKED' },
      });
    }
    expect([canary.exchanges.length, canary.openSockets]).toEqual([0, 0]);
  });

  test('ends no chat', async () => {
    const { server } = await startSite(answers({ status: 404 }));
    const results = await overWebSocket(server, { query: CHAT });
    expect(results.map(({ data }) => (data?.chat as { __typename?: string } | undefined)?.__typename)).toEqual([
      'ChatStarted',
      'ChatImage',
      'ChatFinished',
    ]);
    expect(codes(results.slice(1))).toEqual(['REJECTED', 'REJECTED', 'REJECTED']);
  });

  test('is SHUTTING_DOWN when the server stops first', async () => {
    const { server, site } = await startSite(() => {}, { config: { limits: { shutdownGraceMs: 0 } } });
    const answer = overPost(server, { query: draw('dataUri') });
    await site.exchange(1);
    await server.app.stop();
    expect(codes(await answer)).toEqual(['SHUTTING_DOWN']);
    await site.allClosed();
  });
});

describe('a picture as a data: URI', () => {
  test.for(transports)('has its size from the URI over %s', async ([_transport, run]) => {
    const server = await startServer();
    const query = draw(FIELDS, 'provider: "local", aspectRatio: "16:9"');
    const [result] = await run(server, { query });
    const [image] = first([result ?? {}]).data.generateImage?.images ?? [];
    const { url } = image as { url: string };
    expect(image).toEqual({ url, dataUri: url, mediaType: 'image/svg+xml', width: 1024, height: 576 });
  });

  test('has the media type and the size of its bytes, whatever is said of them', async () => {
    const { server } = await startSite(picture, { address: () => PNG_URI.replace('png', 'jpeg') });
    const [result] = await overPost(server, { query: draw() });
    expect(result).toEqual({ data: { generateImage: { images: [{ url: PNG_URI, ...SIZED }] } } });
  });

  test('that is no picture is a failure', async () => {
    const { server } = await startSite(picture, { address: () => 'data:text/plain;base64,YWJj' });
    const query = draw().replace('... on GeneratedImages', '... on ImageFailed { code } ... on GeneratedImages');
    const [result] = await overPost(server, { query });
    expect(result).toEqual({ data: { generateImage: { code: 'BAD_RESPONSE' } } });
  });
});

describe('a client that leaves during a download', () => {
  const ways: readonly (readonly [string, string, (server: TestServer, query: string) => () => void])[] = [
    ['POST', draw(), ({ url }, query) => leavePost(url, query)],
    ['WebSocket', draw(), ({ webSocketUrl }, query) => unsubscribe(webSocketUrl, query)],
    ['WebSocket, in a whole answer,', ANSWER, ({ webSocketUrl }, query) => unsubscribe(webSocketUrl, query)],
    ['WebSocket, in a chat,', CHAT, ({ webSocketUrl }, query) => unsubscribe(webSocketUrl, query)],
  ];

  test.for(ways)('over %s closes it at once', async ([_way, query, start]) => {
    const { server, site } = await startSite(async ({ begin, send }) => {
      await begin();
      await send(PNG.subarray(0, 20));
    });
    const leave = start(server, query);
    const { closed } = await site.exchange(1);
    leave();
    await closed;
    expect(server.errors()).toEqual([]);
  });

  function leavePost(url: string, query: string): () => void {
    const controller = new AbortController();
    const headers = { 'content-type': 'application/json' };
    fetch(url, { method: 'POST', headers, body: JSON.stringify({ query }), signal: controller.signal }).catch(() => {});
    return () => controller.abort();
  }

  function unsubscribe(url: string, query: string): () => void {
    const client = createClient({ url, retryAttempts: 0 });
    return client.subscribe({ query }, { next() {}, error() {}, complete() {} });
  }
});

describe('the pictures of one operation', () => {
  const order = (name: string, count: number | null | undefined) =>
    `${name}: generateImage(input: { prompt: "a cat", provider: "websim"${count === undefined ? '' : `, count: ${count}`} }) {
      ... on GeneratedImages { images { url } }
    }`;
  const orders = (...counts: readonly (number | null | undefined)[]) =>
    `mutation { ${counts.map((count, at) => order(`field${at}`, count)).join(' ')} }`;
  const overLimit = (limit?: number) =>
    startSite(picture, { config: limit === undefined ? {} : { limits: { maxImagesPerRequest: limit } } });

  test.for([
    ['POST', overPost],
    ['WebSocket', overWebSocket],
  ] as const)('are refused over %s before any is paid for', async ([_transport, run]) => {
    const { server, site } = await overLimit(4);
    const [result] = await run(server, { query: orders(2, undefined, 3) });
    expect(result?.data ?? null).toBeNull();
    expect(result?.errors).toMatchObject([
      { path: ['field0'], extensions: { code: 'BAD_USER_INPUT', path: 'input.count' } },
    ]);
    expect(site.exchanges).toEqual([]);
  });

  test('are counted with the default of those that name no count', async () => {
    const { server, site } = await overLimit(2);
    expect(codes(await overPost(server, { query: orders(undefined, null) }))).toEqual([]);
    expect(codes(await overPost(server, { query: orders(undefined, null, undefined) }))).toEqual(['BAD_USER_INPUT']);
    expect(site.exchanges.length).toBe(2);
  });

  test('are 10 at most unless the configuration says otherwise, in each operation anew', async () => {
    const { server, site } = await overLimit();
    for (const run of [overPost, overWebSocket, overPost]) {
      expect(codes(await run(server, { query: orders(6, 4) }))).toEqual([]);
    }
    expect(site.exchanges.length).toBe(30);
    expect(codes(await overPost(server, { query: orders(10, 1) }))).toEqual(['BAD_USER_INPUT']);
    expect(site.exchanges.length).toBe(30);
  });

  test('are refused in one field that passes the limit alone', async () => {
    const { server, site } = await overLimit(2);
    expect(codes(await overPost(server, { query: orders(3) }))).toEqual(['BAD_USER_INPUT']);
    expect(site.exchanges).toEqual([]);
  });
});
