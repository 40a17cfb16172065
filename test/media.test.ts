import { describe, expect, test } from 'vitest';
import { overPost, transports } from './helpers/clients.ts';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
import {
  askAbout,
  bearer,
  MP3,
  PDF,
  picture,
  postMedia,
  refusalOf,
  sendMedia,
  startWithViewer,
  toDataUri,
  WAV,
} from './helpers/media.ts';
import { PICTURES, PNG } from './helpers/pictures.ts';

const URL_OF_FIRST = (type: string) => `input.messages.0.parts.1.${type}.url`;
const SEEN = { data: { completeChat: { __typename: 'ChatAnswer' } } };

describe('a data: URI', () => {
  test.for(transports)('of a picture of any size reaches the provider, over %s', async ([, run]) => {
    const { server, media } = await startWithViewer();
    for (const bytes of [10_000, 1_000_000, 11_000_000]) {
      const url = toDataUri(picture(bytes));
      expect(await run(server, askAbout({ image: { url, detail: 'LOW' } }))).toMatchObject([SEEN]);
      const part = media().at(-1);
      expect(part).toMatchObject({ type: 'image', mediaType: 'image/png', detail: 'LOW', name: null });
      expect(part?.url === url).toBe(true);
    }
  });

  test.for(Object.entries(PICTURES))('of %s is a picture', async ([type, bytes]) => {
    const { server, media } = await startWithViewer();
    expect(await overPost(server, askAbout({ image: { url: toDataUri(bytes, type) } }))).toMatchObject([SEEN]);
    expect(media()).toMatchObject([{ url: toDataUri(bytes, type), mediaType: type }]);
  });

  const base64 = PNG.toString('base64');
  test.for([
    ['of another alphabet', `data:image/png;base64,${PNG.toString('base64url')}`],
    ['in lines', `data:image/png;base64,${base64.replace(/.{20}/g, '$&\r\n')}`],
    ['that is escaped', `data:image/png;base64,${encodeURIComponent(base64)}`],
    ['without padding', `data:image/png;base64,${base64.replace(/=+$/, '')}`],
    [
      'that is no base64',
      `data:image/png,${PNG.toString('latin1').replace(/[\s\S]/g, (it) => `%${it.charCodeAt(0).toString(16).padStart(2, '0')}`)}`,
    ],
    ['of no type', `data:;base64,${base64}`],
    ['of another picture', `DATA:image/jpeg;name=a.jpg;BASE64,${base64}`],
  ])('%s reaches the provider as others have it', async ([, url]) => {
    const { server, media } = await startWithViewer();
    expect(await overPost(server, askAbout({ image: { url } }))).toMatchObject([SEEN]);
    expect(media()).toMatchObject([{ url: toDataUri(PNG), mediaType: 'image/png' }]);
  });

  test.for([
    ['without a comma', 'data:image/png;base64', 'REJECTED'],
    ['of nothing', 'data:image/png;base64,', 'REJECTED'],
    ['with signs that are no base64', `data:image/png;base64,${base64.slice(0, -4)}"}],`, 'REJECTED'],
    ['with wide characters', `data:image/png;base64,\u4e41${base64.slice(1)}`, 'REJECTED'],
    ['with a sign that is not escaped', `data:image/png;base64,${base64}%`, 'REJECTED'],
    ['that is cut', `data:image/png;base64,${base64.slice(0, -3)}`, 'REJECTED'],
    ['of a page', toDataUri(Buffer.from('<html>'), 'text/html'), 'REJECTED'],
    ['of a page that says it is a picture', toDataUri(Buffer.from('<html>')), 'REJECTED'],
    ['of sound', toDataUri(WAV, 'audio/wav'), 'REJECTED'],
    ['of too many bytes', toDataUri(picture(1001)), 'TOO_LARGE'],
    ['of far too many bytes', toDataUri(picture(10_000)), 'TOO_LARGE'],
    ['with a very long type', `data:${'a'.repeat(2000)},`, 'REJECTED'],
  ])('%s is refused with its path', async ([, url, reason]) => {
    const { server, media } = await startWithViewer({ limits: { maxMediaBytes: 1000 } });
    const extensions = { code: 'BAD_USER_INPUT', path: URL_OF_FIRST('image'), reason };
    expect(await refusalOf(server, [{ image: { url } }])).toEqual(extensions);
    expect(media()).toEqual([]);
    expect(server.errors()).toEqual([]);
  });

  test('of the most bytes is taken, and several only together up to their bound', async () => {
    const { server, media } = await startWithViewer({ limits: { maxMediaBytes: 1000, maxChatMediaBytes: 2500 } });
    const image = { url: toDataUri(picture(1000)) };
    expect(await overPost(server, askAbout({ image }, { image }))).toMatchObject([SEEN]);
    expect(media()).toHaveLength(2);
    const path = 'input.messages.0.parts.3.image.url';
    expect(await refusalOf(server, [{ image }, { image }, { image }])).toMatchObject({ path, reason: 'TOO_LARGE' });
  });
});

describe('what is no picture', () => {
  test.for([
    ['audio', 'audio/wav', 'audio/wav', WAV],
    ['audio', 'audio/mpeg', 'audio/mpeg', MP3],
    ['file', 'application/pdf', 'application/pdf', PDF],
    ['file', 'text/markdown; charset=utf-8', 'text/markdown', Buffer.from('# Notes, größer')],
    ['file', 'application/zip', 'application/zip', Buffer.from('PK\x03\x04\0', 'latin1')],
    ['file', 'application/octet-stream', 'application/pdf', PDF],
    ['file', 'image/png', 'image/png', PNG],
  ] as const)('is %s where it is %s', async ([type, claimed, mediaType, bytes]) => {
    const { server, media } = await startWithViewer();
    const { url } = await sendMedia(server, bytes, { type: claimed });
    for (const link of [toDataUri(bytes, claimed), url]) {
      const parts = askAbout({ [type]: { url: link, name: 'it' } });
      expect(await overPost(server, parts)).toMatchObject([SEEN]);
      expect(media().at(-1)).toMatchObject({ type, url: toDataUri(bytes, mediaType), mediaType, name: 'it' });
    }
  });

  test.for([
    ['audio', 'application/pdf', PDF],
    ['audio', 'audio/wav', PNG],
    ['audio', 'audio/amr', Buffer.from('#!AMR')],
    ['file', 'application/pdf', PNG],
    ['file', 'text/plain', WAV],
    ['file', 'text/plain', Buffer.from([0x66, 0xff, 0x66])],
  ] as const)(
    'is refused as %s where it is something else than %s, or no such thing',
    async ([type, claimed, bytes]) => {
      const { server } = await startWithViewer();
      const extensions = { code: 'BAD_USER_INPUT', path: URL_OF_FIRST(type), reason: 'REJECTED' };
      expect(await refusalOf(server, [{ [type]: { url: toDataUri(bytes, claimed) } }])).toEqual(extensions);
      const mediaType = { url: toDataUri(bytes, ''), mediaType: claimed };
      expect(await refusalOf(server, [{ [type]: mediaType }])).toEqual(extensions);
    },
  );

  test.for(['image', 'audio', 'file'])('is not read where the model is known not to take it: %s', async (type) => {
    const canary = await startFakeUpstream(({ reply }) => reply({ body: PNG }));
    const inputs = (['TEXT', 'IMAGE', 'AUDIO', 'FILE'] as const).filter((one) => one.toLowerCase() !== type);
    const { server } = await startWithViewer(
      {},
      { models: [{ name: 'model', kind: 'CHAT', capabilities: { inputs } }] },
    );
    for (const url of [toDataUri(PNG), 'media:gone', canary.url]) {
      const refusal = await refusalOf(server, [{ [type]: { url } }]);
      expect(refusal).toEqual({ code: 'BAD_USER_INPUT', path: expect.stringMatching(/^input\.messages\.0\.parts\.1/) });
    }
    expect(canary.openSockets).toBe(0);
  });
});

describe('what was sent by POST /media', () => {
  test('is shown by its link, in any number of chats', async () => {
    const { server, media } = await startWithViewer();
    const bytes = picture(20_000_000);
    const sent = await sendMedia(server, bytes);
    expect(sent).toEqual({
      url: expect.stringMatching(/^media:[\w-]{20,}$/),
      mediaType: 'image/png',
      bytes: 20_000_000,
      expiresAt: expect.stringMatching(/^\d{4}-.*Z$/),
    });
    const link = { image: { url: sent.url } };
    for (const _time of [1, 2]) expect(await overPost(server, askAbout(link, link))).toMatchObject([SEEN]);
    expect(media()).toHaveLength(4);
    expect(media().every(({ url }) => url === toDataUri(bytes))).toBe(true);
  });

  test('is not there for another key', async () => {
    const { server, media } = await startWithViewer({ auth: { keys: ['alice', 'bob'] } });
    const { url } = await sendMedia(server, PNG, { key: 'alice' });
    const gone = { code: 'MEDIA_NOT_FOUND', path: URL_OF_FIRST('image') };
    expect(await refusalOf(server, [{ image: { url } }], bearer('bob'))).toEqual(gone);
    expect(media()).toEqual([]);
    expect(await overPost(server, askAbout({ image: { url } }), bearer('alice'))).toMatchObject([SEEN]);
  });

  test.for(['media:', 'media:nothing', 'media:../../etc/passwd', 'MEDIA:x'])('is not there as %s', async (url) => {
    const { server } = await startWithViewer();
    expect(await refusalOf(server, [{ file: { url } }])).toEqual({
      code: 'MEDIA_NOT_FOUND',
      path: URL_OF_FIRST('file'),
    });
  });

  test('is gone after its time', async () => {
    const { server } = await startWithViewer({ limits: { mediaTtlMs: 50 } });
    const { url } = await sendMedia(server, PNG);
    await expect
      .poll(() => refusalOf(server, [{ image: { url } }]), { interval: 200 })
      .toMatchObject({ code: 'MEDIA_NOT_FOUND' });
  });

  test('makes room for more where it was used least recently', async () => {
    const { server } = await startWithViewer({ limits: { maxMediaStoreBytes: 30_000 } });
    const send = async () => (await sendMedia(server, picture(8000))).url;
    const [first, second, third] = [await send(), await send(), await send()];
    expect(await refusalOf(server, [{ image: { url: first } }])).toBeUndefined();
    await send();
    expect(await refusalOf(server, [{ image: { url: second } }])).toMatchObject({ code: 'MEDIA_NOT_FOUND' });
    expect(await refusalOf(server, [{ image: { url: first } }, { image: { url: third } }])).toBeUndefined();
  });

  test('is refused where it is larger than all that may be kept, and leaves the rest', async () => {
    const { server } = await startWithViewer({ limits: { maxMediaStoreBytes: 30_000 } });
    const { url } = await sendMedia(server, PNG);
    expect((await postMedia(server, picture(40_000))).status).toBe(507);
    expect(await refusalOf(server, [{ image: { url } }])).toBeUndefined();
  });

  test('tells a chat by its bytes, where they stand in it', async () => {
    const { server, media } = await startWithViewer();
    const ask = (bytes: Buffer) => {
      const { query, variables } = askAbout({ image: { url: toDataUri(bytes) } });
      return overPost(server, { query, variables: { input: { ...variables.input, id: 'mine' } } });
    };
    const bytes = picture(100_000);
    for (const _time of [1, 2]) expect(await ask(bytes)).toMatchObject([SEEN]);
    const other = Buffer.from(bytes);
    other[99_999] = 8;
    expect(await ask(other)).toMatchObject([
      { errors: [{ extensions: { code: 'BAD_USER_INPUT', path: 'input.id' } }] },
    ]);
    expect(media()).toHaveLength(1);
  });

  test('is not read a second time by a chat that is joined', async () => {
    const { server, media } = await startWithViewer({ limits: { mediaTtlMs: 300 } });
    const { url } = await sendMedia(server, PNG);
    const { query, variables } = askAbout({ image: { url } });
    const request = { query, variables: { input: { ...variables.input, id: 'mine' } } };
    expect(await overPost(server, request)).toMatchObject([SEEN]);
    await expect
      .poll(() => refusalOf(server, [{ image: { url } }]), { interval: 700 })
      .toMatchObject({ code: 'MEDIA_NOT_FOUND' });
    const before = media().length;
    expect(await overPost(server, request)).toMatchObject([SEEN]);
    expect(media()).toHaveLength(before);
  });
});

describe('an http(s) link', () => {
  test('to a private address is refused, and what is there stays untouched', async () => {
    const canary = await startFakeUpstream(({ reply }) => reply({ body: PNG }));
    const { server, media } = await startWithViewer();
    for (const host of ['127.0.0.1', 'localhost', '[::1]', '0x7f.1', '2130706433']) {
      const refusal = await refusalOf(server, [{ image: { url: `http://${host}:${canary.port}/` } }]);
      expect(refusal).toEqual({ code: 'BAD_USER_INPUT', path: URL_OF_FIRST('image'), reason: 'BLOCKED' });
    }
    expect([canary.exchanges.length, canary.openSockets, media().length]).toEqual([0, 0, 0]);
    expect(server.errors()).toEqual([]);
  });

  test('to a configured provider on a private address is refused all the same', async () => {
    const canary = await startFakeUpstream(({ reply }) => reply({ body: PNG }));
    const { server } = await startWithViewer({ providers: { websim: { baseUrl: canary.url } } });
    expect(await refusalOf(server, [{ image: { url: canary.url } }])).toMatchObject({ reason: 'BLOCKED' });
    expect(canary.exchanges).toEqual([]);
  });

  test('that is none is refused, also where the provider takes links', async () => {
    const { server, media } = await startWithViewer({}, { readsLink: () => true });
    for (const url of ['http://', 'https://a b/cat.png', 'http://[::1', 'https://:80/', 'ftp://example.com/cat.png']) {
      expect(await refusalOf(server, [{ image: { url } }])).toEqual({
        code: 'BAD_USER_INPUT',
        path: URL_OF_FIRST('image'),
      });
    }
    expect(media()).toEqual([]);
  });

  test('is passed on where the provider takes links of this kind, unread', async () => {
    const canary = await startFakeUpstream(({ reply }) => reply({ body: PNG }));
    const { server, media } = await startWithViewer({}, { readsLink: ({ type }) => type === 'image' });
    expect(await overPost(server, askAbout({ image: { url: canary.url } }))).toMatchObject([SEEN]);
    expect(media()).toMatchObject([{ url: canary.url, mediaType: null }]);
    const refusal = await refusalOf(server, [{ image: { url: canary.url } }, { file: { url: canary.url } }]);
    expect(refusal).toMatchObject({ path: 'input.messages.0.parts.2.file.url', reason: 'BLOCKED' });
    expect(canary.exchanges).toEqual([]);
  });
});
