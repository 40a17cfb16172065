import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCertificates } from '../../../src/providers/http/certificates.ts';
import { createHttpClient, type HttpClientOptions } from '../../../src/providers/http/client.ts';
import { type Exchange, type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createSettings } from '../../helpers/provider-suite.ts';
import { startProxy } from '../../helpers/proxy.ts';
import { SELF_SIGNED, tls } from '../../helpers/tls.ts';

const hello: Play = ({ reply }) => reply({ body: 'Hello' });
const closings: readonly (readonly [string, Play])[] = [
  ['closes', ({ breakOff }) => breakOff()],
  ['resets', ({ reset }) => reset()],
];

describe.for(closings)('a connection that was used before and that the other side %s', ([, close]) => {
  test('is not the end of a call, which is made once more', async () => {
    const upstream = await startFakeUpstream([hello, close, hello]);
    const client = createClient({ baseUrl: upstream.url });
    expect([await post(client), await post(client)]).toEqual(['Hello', 'Hello']);
    expect(upstream.exchanges.map(({ body }) => body)).toEqual(['{}', '{}', '{}']);
    await upstream.allClosed(); // What the call was made on anew was for it alone.
  });

  test('fails the call the second time', async () => {
    const upstream = await startFakeUpstream([hello, close]);
    const client = createClient({ baseUrl: upstream.url });
    await post(client);
    await expect(post(client)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true });
    expect(upstream.exchanges).toHaveLength(3);
  });

  test('fails the call once a byte of its answer has come', async () => {
    const begun: Play = async (exchange) => {
      exchange.response.socket?.write('HTTP/1.1 2');
      await close(exchange);
    };
    const upstream = await startFakeUpstream([hello, begun, hello]);
    const client = createClient({ baseUrl: upstream.url });
    await post(client);
    await expect(post(client)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(upstream.exchanges).toHaveLength(2);
  });

  test('is no reason to call again where it was new', async () => {
    const upstream = await startFakeUpstream(close);
    await expect(post(createClient({ baseUrl: upstream.url }))).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('is replaced by a new one, not by another that was used', async () => {
    const both = gather(2);
    const upstream = await startFakeUpstream([both, both, close, hello]);
    const client = createClient({ baseUrl: upstream.url });
    await Promise.all([post(client), post(client)]);
    expect(await post(client)).toBe('Hello');
    expect(new Set(upstream.exchanges.map(({ response }) => response.req.socket.remotePort)).size).toBe(3);
  });

  test('is met behind a proxy too', async () => {
    const upstream = await startFakeUpstream([hello, close, hello]);
    const { url: proxy } = await startProxy();
    const client = createClient({ baseUrl: upstream.url, proxy });
    expect([await post(client), await post(client)]).toEqual(['Hello', 'Hello']);
  });
});

test('a connection over TLS that was closed while it stood is met too', async () => {
  const upstream = await startFakeUpstream([hello, ({ breakOff }) => breakOff(), hello], { tls: tls.selfSigned });
  const client = createClient({ baseUrl: upstream.url, ca: readCertificates(SELF_SIGNED) });
  expect([await post(client), await post(client)]).toEqual(['Hello', 'Hello']);
});

describe('a call that is made once more', () => {
  const start = async (play: Play, limits = {}) => {
    const upstream = await startFakeUpstream([hello, ({ reset }) => reset(), play]);
    const client = createClient({ baseUrl: upstream.url, ...createSettings(limits) });
    await post(client);
    return { upstream, client };
  };

  test('has its deadlines', async () => {
    const { client, upstream } = await start(() => {}, { firstPartTimeoutMs: 3000 });
    await expect(post(client)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await upstream.allClosed();
  });

  test('ends with its signal, also in its body', async () => {
    const { client, upstream } = await start(async ({ begin, send }) => {
      await begin();
      await send('Hel');
    });
    const controller = new AbortController();
    const answer = await client.send(POST, controller.signal);
    const lines = answer.text();
    controller.abort(new Error('the caller left'));
    await expect(lines).rejects.toThrow('the caller left');
    await upstream.allClosed();
  });

  test('ends when the client is closed', async () => {
    const { client, upstream } = await start(({ begin }) => begin());
    const answer = await client.send(POST, new AbortController().signal);
    const text = answer.text();
    await Promise.all([expect(text).rejects.toMatchObject({ code: 'UNREACHABLE' }), client.close()]);
    await upstream.allClosed();
  });
});

const POST = { method: 'POST', path: '/', body: '{}' } as const;

function createClient(options: Partial<HttpClientOptions> & { readonly baseUrl: string }) {
  const client = createHttpClient({ name: 'Acme', ...createSettings(), ...options });
  onTestFinished(() => client.close());
  return client;
}

/** Once the connection is free again. */
async function post(client: ReturnType<typeof createClient>): Promise<string> {
  const text = await (await client.send(POST, new AbortController().signal)).text();
  await nextTurn();
  return text;
}

/** Answers none until so many have come. */
function gather(count: number): Play {
  const waiting: Exchange[] = [];
  return (exchange) => {
    waiting.push(exchange);
    if (waiting.length === count) for (const { reply } of waiting) reply({ body: 'Hello' });
  };
}
