import { readFileSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { ProviderError } from '../../../src/providers/errors.ts';
import { createHttpClient, type HttpClient, type HttpClientOptions } from '../../../src/providers/http/client.ts';
import { type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createSettings } from '../../helpers/provider-suite.ts';
import { startProxy } from '../../helpers/proxy.ts';
import { startSilence } from '../../helpers/silence.ts';

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
      'accept-encoding': 'identity',
      'content-length': '2',
    });
  });

  test.for([
    ['?api-version=1', '/chat?api-version=1'],
    ['/below?a=b%20c&d', '/below/chat?a=b%20c&d'],
    ['/below?at=/a/?b', '/below/chat?at=/a/?b'],
  ] as const)('has the query of the base url %s behind its path', async ([base, url]) => {
    const upstream = await startFakeUpstream(hello);
    await post(createClient({ baseUrl: `${upstream.url}${base}` }));
    expect((await upstream.exchange()).url).toBe(url);
  });

  test('fails without a value of the query of the base url, however it is written', async () => {
    const upstream = await startFakeUpstream(({ url, reply }) =>
      reply({ status: 404, body: JSON.stringify({ message: `no ${url}, nor s/cret-0123, nor sk-4567` }) }),
    );
    const client = createClient({ baseUrl: `${upstream.url}/v1?key=s%2Fcret-0123&sk-4567` });
    const { message } = await failure(client);
    expect(message).toContain('no /v1/chat');
    expect(message).not.toMatch(/cret|4567/);
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
      const client = createClient({ ...(await through(who, silent)), limits: { firstPartTimeoutMs: 80 } });
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
  return readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
}
