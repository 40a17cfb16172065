import { describe, expect, onTestFinished, test } from 'vitest';
import { createDownload } from '../../../src/gateway/download/download.ts';
import { ProviderError } from '../../../src/providers/errors.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createViewer, PDF, picture, toDataUri } from '../../helpers/media.ts';
import { PNG } from '../../helpers/pictures.ts';
import { createCaller, createTestGateway, scriptedProvider } from '../../helpers/scripted-provider.ts';

/** A gateway that reads links to this place, though it is private. */
function createGateway(providers: readonly Provider[], origins: readonly string[], chat = 'scripted/model') {
  const download = createDownload({
    limits: { connectTimeoutMs: 60_000, firstPartTimeoutMs: 60_000, idleTimeoutMs: 60_000, maxDurationMs: 0 },
    accept: '*/*',
    maxBytes: 1_000_000,
    trustedOrigins: origins,
  });
  onTestFinished(download.close);
  return createTestGateway(providers, {
    defaults: { chat, image: 'scripted/painter' },
    aliases: { both: ['first/model', 'scripted/model'] },
    media: {
      store: { read: async () => undefined },
      download,
      maxMediaBytes: 1_000_000,
      maxChatMediaBytes: 2_000_000,
    },
  });
}

const serve =
  (bytes: Uint8Array, type = 'image/png'): Play =>
  ({ reply }) =>
    reply({ headers: { 'content-type': type }, body: Buffer.from(bytes) });

const ask = (...parts: readonly object[]) => ({ messages: [{ role: 'USER' as const, parts }] });

describe('a link', () => {
  test.for([
    ['image', PNG, 'image/png', 'image/png'],
    ['image', PNG, 'text/html', 'image/png'],
    ['image', PNG, '', 'image/png'],
    ['file', PDF, 'application/octet-stream', 'application/pdf'],
    ['file', Buffer.from('a;b'), 'text/csv', 'text/csv'],
  ] as const)('to %s is read for a provider that takes none', async ([type, bytes, said, mediaType]) => {
    const place = await startFakeUpstream(serve(bytes, said));
    const { provider, media } = createViewer();
    const gateway = createGateway([provider], [place.url]);
    const answer = await gateway.completeChat(ask({ [type]: { url: place.url } }), createCaller());
    expect(answer.type).toBe('ChatAnswer');
    expect(media()).toMatchObject([{ type, url: toDataUri(bytes, mediaType), mediaType }]);
  });

  test('is read once for a chat, however often it stands there and however many candidates are tried', async () => {
    const place = await startFakeUpstream(serve(PNG));
    const broken = scriptedProvider(
      async function* () {
        yield* [];
        throw new ProviderError('UNREACHABLE', 'not there');
      },
      { id: 'first' },
    );
    const { provider, media } = createViewer();
    const gateway = createGateway([broken, provider], [place.url], 'both');
    const image = { image: { url: place.url } };
    await gateway.completeChat({ ...ask(image, image), model: 'both' }, createCaller());
    expect(media()).toHaveLength(2);
    expect(place.exchanges).toHaveLength(1);
  });

  test('is read for a fallback that needs the bytes, though the first did not', async () => {
    const place = await startFakeUpstream(serve(PNG));
    const { provider: first, media: passed } = createViewer({ id: 'first', readsLink: ({ type }) => type === 'image' });
    const broken: Provider = {
      ...first,
      async *streamChat(request, signal) {
        for await (const _part of first.streamChat?.(request, signal) ?? []) break;
        yield* [];
        throw new ProviderError('UNREACHABLE', 'not there');
      },
    };
    const { provider, media } = createViewer();
    const gateway = createGateway([broken, provider], [place.url], 'both');
    await gateway.completeChat({ ...ask({ image: { url: place.url } }), model: 'both' }, createCaller());
    expect(passed()).toMatchObject([{ url: place.url }]);
    expect(media()).toMatchObject([{ url: toDataUri(PNG) }]);
  });

  test('that cannot be read for a fallback is a failure of that one, and says nothing of its health', async () => {
    const place = await startFakeUpstream(serve(Buffer.from('no picture')));
    const first = scriptedProvider(
      async function* () {
        yield* [];
        throw new ProviderError('UNREACHABLE', 'not there');
      },
      { id: 'first', readsLink: ({ type }) => type === 'image' },
    );
    const { provider, media } = createViewer();
    const gateway = createGateway([first, provider], [place.url], 'both');
    const answer = await gateway.completeChat({ ...ask({ image: { url: place.url } }), model: 'both' }, createCaller());
    expect(answer).toMatchObject({ type: 'ChatFailed', attempts: [{ code: 'UNREACHABLE' }, { code: 'BAD_RESPONSE' }] });
    expect(media()).toEqual([]);
    expect(gateway.health(provider)).toMatchObject({ status: 'UNKNOWN', consecutiveFailures: 0 });
  });

  test.for([
    ['to something else', serve(Buffer.from('<html>'), 'image/png'), 'REJECTED'],
    ['to too much', serve(picture(1_000_001)), 'TOO_LARGE'],
    ['to nothing', serve(Buffer.alloc(0)), 'REJECTED'],
    ['that is not there', (({ reply }) => reply({ status: 404, body: '' })) as Play, 'REJECTED'],
  ] as const)('%s is refused before anything starts', async ([, play, reason]) => {
    const place = await startFakeUpstream(play);
    const { provider, media } = createViewer();
    const gateway = createGateway([provider], [place.url]);
    const asked = gateway.completeChat(ask({ image: { url: place.url } }), createCaller());
    const extensions = { code: 'BAD_USER_INPUT', path: 'input.messages.0.parts.0.image.url', reason };
    await expect(asked).rejects.toMatchObject({ extensions });
    expect(media()).toEqual([]);
  });

  test('that leads to a private address by a redirect is refused, and what is there stays untouched', async () => {
    const canary = await startFakeUpstream(serve(PNG));
    const place = await startFakeUpstream(({ reply }) => reply({ status: 302, headers: { location: canary.url } }));
    const { provider } = createViewer();
    const gateway = createGateway([provider], [place.url]);
    const asked = gateway.completeChat(ask({ image: { url: place.url } }), createCaller());
    await expect(asked).rejects.toMatchObject({ extensions: { code: 'BAD_USER_INPUT', reason: 'BLOCKED' } });
    expect([canary.exchanges.length, canary.openSockets]).toEqual([0, 0]);
  });

  test('that is being read is let go of when the caller leaves, or another link fails', async () => {
    const place = await startFakeUpstream(() => {});
    const { provider } = createViewer();
    const gateway = createGateway([provider], [place.url]);
    const controller = new AbortController();
    const asked = gateway.completeChat(ask({ image: { url: place.url } }), createCaller(controller.signal));
    const failed = asked.catch((error: unknown) => error);
    await place.exchange();
    const reason = new Error('left');
    controller.abort(reason);
    expect(await failed).toBe(reason);
    await place.allClosed();
    const both = ask({ image: { url: place.url } }, { image: { url: 'media:gone' } });
    await expect(gateway.completeChat(both, createCaller())).rejects.toMatchObject({
      extensions: { code: 'MEDIA_NOT_FOUND', path: 'input.messages.0.parts.1.image.url' },
    });
    await place.allClosed();
  });

  test('is one of a hundred at most', async () => {
    const place = await startFakeUpstream(serve(PNG));
    const { provider } = createViewer();
    const gateway = createGateway([provider], [place.url]);
    const links = Array.from({ length: 101 }, (_, at) => ({ image: { url: `${place.url}/${at}` } }));
    const asked = gateway.completeChat(ask(...links), createCaller());
    await expect(asked).rejects.toMatchObject({ extensions: { reason: 'TOO_LARGE' } });
    expect((await gateway.completeChat(ask(...links.slice(1)), createCaller())).type).toBe('ChatAnswer');
  });
});
