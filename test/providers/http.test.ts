import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ProviderError } from '../../src/providers/errors.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../src/providers/http.ts';
import { type Play, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { createSettings } from '../helpers/provider-suite.ts';
import { type OnConnect, startProxy } from '../helpers/proxy.ts';
import { startSilence } from '../helpers/silence.ts';

const tls = { key: readFixture('key.pem'), cert: readFixture('certificate.pem') };

const hello: Play = ({ reply }) => reply({ body: 'Hello' });
const POST = { method: 'POST', path: '/chat', headers: { accept: '*/*' }, body: '{}' } as const;

beforeAll(() => {
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, tls.cert]);
  afterAll(() => setDefaultCACertificates(trusted));
});

describe('a request', () => {
  test('goes to the path below the base url, with its headers and its body', async () => {
    const upstream = await startFakeUpstream(hello);
    expect(await post(createClient({ baseUrl: `${upstream.url}/below` }))).toBe('Hello');
    const { method, url, headers, body } = await upstream.exchange();
    expect({ method, url, body }).toEqual({ method: 'POST', url: '/below/chat', body: '{}' });
    expect(headers).toEqual({
      host: `127.0.0.1:${upstream.port}`,
      connection: 'keep-alive',
      accept: '*/*',
      'content-length': '2',
    });
  });

  test('has the configured headers and the cookie instead of its own, whatever their case', async () => {
    const upstream = await startFakeUpstream(hello);
    await post(createClient({ baseUrl: upstream.url, headers: { Accept: 'text/plain', 'X-Key': '1' }, cookie: 'a=b' }));
    const { rawHeaders } = await upstream.exchange();
    expect(rawHeaders).not.toContain('*/*');
    expect((await upstream.exchange()).headers).toMatchObject({ accept: 'text/plain', 'x-key': '1', cookie: 'a=b' });
  });

  test('fails without a word of a configured header, when one holds another too', async () => {
    const headers = { 'x-short': 'secret-0', 'x-long': 'secret-0123456789' };
    const upstream = await startFakeUpstream(({ headers, reply }) =>
      reply({ status: 400, body: JSON.stringify({ message: `${headers['x-long']} is no key` }) }),
    );
    const { message } = await failure(createClient({ baseUrl: upstream.url, headers }));
    expect(message).toContain('is no key');
    expect(message).not.toMatch(/secret|123/);
  });

  test('uses a connection again whose answer has been read', async () => {
    const upstream = await startFakeUpstream([({ reply }) => reply({ status: 500, body: 'x'.repeat(10_000) }), hello]);
    const client = createClient({ baseUrl: upstream.url });
    await expect(post(client)).rejects.toMatchObject({ status: 500 });
    await nextTurn();
    await post(client);
    expect(upstream.openSockets).toBe(1);
  });

  test.for([301, 302, 303, 307, 308])('does not follow a %i', async (status) => {
    const upstream = await startFakeUpstream(({ reply }) => reply({ status, headers: { location: '/elsewhere' } }));
    const client = createClient({ baseUrl: upstream.url });
    await expect(post(client)).rejects.toMatchObject({ code: 'BAD_RESPONSE', status });
    expect(upstream.exchanges.map(({ url }) => url)).toEqual(['/chat']);
  });
});

describe('an https upstream', () => {
  test('is reached when its certificate is trusted', async () => {
    const upstream = await startFakeUpstream(hello, { tls });
    expect(await post(createClient({ baseUrl: upstream.url }))).toBe('Hello');
  });

  test('is UNREACHABLE when its certificate is for another host', async () => {
    const upstream = await startFakeUpstream(hello, { tls });
    const client = createClient({ baseUrl: `https://localhost:${upstream.port}` });
    await expect(post(client)).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(upstream.exchanges).toEqual([]);
  });
});

describe('a connection that never comes about', () => {
  test.for(['an upstream', 'a proxy'])('fails with TIMEOUT when %s says nothing', async (who) => {
    const silent = await startSilence();
    const client = createClient({ ...(await through(who, silent)), limits: { connectTimeoutMs: 80 } });
    await expect(post(client)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await silent.closed;
  });

  test.for(['an upstream', 'a proxy'])(
    'fails with TIMEOUT at the deadline of the call when %s says nothing',
    async (who) => {
      const silent = await startSilence();
      const client = createClient({ ...(await through(who, silent)), limits: { firstByteTimeoutMs: 80 } });
      await expect(post(client)).rejects.toMatchObject({ code: 'TIMEOUT' });
    },
  );

  test.for(['an upstream', 'a proxy'])('rejects at once and closes when aborted while %s says nothing', async (who) => {
    const silent = await startSilence();
    const client = createClient(await through(who, silent));
    const controller = new AbortController();
    const reason = new Error('the caller left');
    const outcome = expect(post(client, controller.signal)).rejects.toBe(reason);
    await silent.connected;
    controller.abort(reason);
    await outcome;
    await silent.closed;
  });

  async function through(who: string, { url }: { url: string }) {
    return who === 'a proxy'
      ? { baseUrl: 'https://upstream.example', proxy: url }
      : { baseUrl: url.replace('http', 'https') };
  }
});

describe('a proxy', () => {
  test('gets requests for an http upstream in absolute form', async () => {
    const upstream = await startFakeUpstream(hello);
    const proxy = await startProxy();
    expect(await post(createClient({ baseUrl: upstream.url, proxy: proxy.url }))).toBe('Hello');
    expect(proxy.requests).toEqual([`POST ${upstream.url}/chat`]);
    expect(await upstream.exchange()).toMatchObject({ url: '/chat', body: '{}' });
  });

  test('builds a tunnel to an https upstream and sees nothing of the request', async () => {
    const upstream = await startFakeUpstream(hello, { tls });
    const proxy = await startProxy();
    expect(await post(createClient({ baseUrl: upstream.url, proxy: proxy.url }))).toBe('Hello');
    expect(proxy.requests).toEqual([`CONNECT 127.0.0.1:${upstream.port}`]);
    expect((await upstream.exchange()).headers).not.toHaveProperty('proxy-authorization');
  });

  test.for([undefined, tls])('lets go of the upstream at once when the caller leaves', async (tls) => {
    const upstream = await startFakeUpstream(() => {}, tls ? { tls } : {});
    const proxy = await startProxy();
    const client = createClient({ baseUrl: upstream.url, proxy: proxy.url });
    const controller = new AbortController();
    const reason = new Error('the caller left');
    const outcome = expect(post(client, controller.signal)).rejects.toBe(reason);
    const exchange = await upstream.exchange();
    controller.abort(reason);
    await outcome;
    await exchange.closed;
  });

  test.for([
    ['http', undefined],
    ['https', tls],
  ] as const)('gets its credentials for an %s upstream, and the upstream does not', async ([_scheme, tls]) => {
    const upstream = await startFakeUpstream(hello, tls ? { tls } : {});
    const proxy = await startProxy();
    const client = createClient({ baseUrl: upstream.url, proxy: proxy.urlWith('gateway', 'p@ss:w/rd') });
    await post(client);
    const token = Buffer.from('gateway:p@ss:w/rd').toString('base64');
    expect(proxy.authorizations).toEqual([`Basic ${token}`]);
    expect((await upstream.exchange()).headers).not.toHaveProperty('proxy-authorization');
  });

  test('is UNREACHABLE when nobody listens there, and its credentials are in no message', async () => {
    const gone = await startFakeUpstream(() => {});
    await gone.close();
    for (const baseUrl of ['http://upstream.example', 'https://upstream.example']) {
      const client = createClient({ baseUrl, proxy: `http://gateway:pa55word@127.0.0.1:${gone.port}` });
      const error = await failure(client);
      expect(error).toMatchObject({ code: 'UNREACHABLE', retryable: true });
      expect(error.message).not.toMatch(/pa55word|gateway/);
    }
  });

  test('has its credentials in no message when it says them itself', async () => {
    const upstream = await startFakeUpstream(({ headers, reply }) =>
      reply({ status: 502, body: JSON.stringify({ message: `pa55word and ${headers['proxy-authorization']}` }) }),
    );
    const proxy = upstream.url.replace('http://', 'http://gateway:pa55word@');
    const environmentProxies = { httpProxy: proxy };
    for (const options of [{ proxy }, { environmentProxies }]) {
      const { message } = await failure(createClient({ baseUrl: 'http://upstream.example', ...options }));
      expect(message).toContain('502');
      expect(message).not.toContain('pa55word');
      expect(message).not.toContain(Buffer.from('gateway:pa55word').toString('base64'));
    }
  });

  test('fails the call when it asks for other credentials', async () => {
    const upstream = await startFakeUpstream(({ reply }) => reply({ status: 407 }));
    const client = createClient({ baseUrl: 'http://upstream.example', proxy: upstream.url });
    expect(await failure(client)).toMatchObject({ code: 'UNREACHABLE' });
  });

  const refusals: readonly (readonly [string, OnConnect])[] = [
    [
      'refuses with a 407',
      (client) => client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
    ],
    ['refuses with a 502', (client) => client.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n')],
    ['hangs up', (client) => client.destroy()],
    ['resets', (client) => client.resetAndDestroy()],
  ];

  test.for(refusals)('that %s instead of a tunnel leaves the upstream UNREACHABLE', async ([_title, onConnect]) => {
    const proxy = await startProxy({ onConnect });
    const client = createClient({ baseUrl: 'https://upstream.example', proxy: proxy.url });
    expect(await failure(client)).toMatchObject({ code: 'UNREACHABLE', retryable: true });
  });
});

describe("the environment's proxies", () => {
  test('are used by scheme', async () => {
    const [plain, secure] = [await startFakeUpstream(hello), await startFakeUpstream(hello, { tls })];
    const [httpProxy, httpsProxy] = [await startProxy(), await startProxy()];
    const environmentProxies = { httpProxy: httpProxy.url, httpsProxy: httpsProxy.url };
    await post(createClient({ baseUrl: plain.url, environmentProxies }));
    await post(createClient({ baseUrl: secure.url, environmentProxies }));
    expect(httpProxy.requests).toEqual([`POST ${plain.url}/chat`]);
    expect(httpsProxy.requests).toEqual([`CONNECT 127.0.0.1:${secure.port}`]);
  });

  test('give way to the proxy of the provider', async () => {
    const upstream = await startFakeUpstream(hello);
    const [own, other] = [await startProxy(), await startProxy()];
    const environmentProxies = { httpProxy: other.url, noProxy: '*' };
    await post(createClient({ baseUrl: upstream.url, proxy: own.url, environmentProxies }));
    expect(own.requests).toHaveLength(1);
    expect(other.requests).toEqual([]);
  });

  test('do not count for an http upstream when there is one for https only', async () => {
    const upstream = await startFakeUpstream(hello);
    const proxy = await startProxy();
    await post(createClient({ baseUrl: upstream.url, environmentProxies: { httpsProxy: proxy.url } }));
    expect(proxy.requests).toEqual([]);
  });

  test.for([
    ['127.0.0.1', 0],
    ['upstream.example, 127.0.0.1', 0],
    ['*', 0],
    ['127.0.0.1:1', 1],
    ['upstream.example', 1],
    ['', 1],
  ] as const)('with NO_PROXY "%s" are asked %i times', async ([noProxy, times]) => {
    const upstream = await startFakeUpstream(hello);
    const proxy = await startProxy();
    const environmentProxies = { httpProxy: proxy.url, httpsProxy: proxy.url, noProxy };
    expect(await post(createClient({ baseUrl: upstream.url, environmentProxies }))).toBe('Hello');
    expect(proxy.requests).toHaveLength(times);
    expect(upstream.exchanges).toHaveLength(1);
  });

  test('are those of the settings, not those of the process', async () => {
    const proxy = await startProxy();
    const upstream = await startFakeUpstream(hello);
    vi.stubEnv('HTTP_PROXY', proxy.url);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await post(createClient({ baseUrl: upstream.url }));
    expect(proxy.requests).toEqual([]);
  });
});

type ClientOptions = Partial<Omit<HttpClientOptions, 'limits'>> & {
  readonly baseUrl: string;
  readonly limits?: Parameters<typeof createSettings>[0];
};

function createClient({ limits, ...options }: ClientOptions): HttpClient {
  const client = createHttpClient({ name: 'Upstream', ...createSettings(limits), ...options });
  onTestFinished(() => client.close());
  return client;
}

async function post(client: HttpClient, signal = new AbortController().signal): Promise<string> {
  return (await client.send(POST, signal)).text();
}

async function failure(client: HttpClient): Promise<ProviderError> {
  const error = await post(client).catch((error: unknown) => error);
  if (!(error instanceof ProviderError)) throw new Error(`expected a failure, got ${error}`);
  return error;
}

/** Accepts connections and says nothing. */
function readFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/tls/${name}`, import.meta.url), 'utf8');
}
