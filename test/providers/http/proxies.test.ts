import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ProviderError } from '../../../src/providers/errors.ts';
import { readCertificates } from '../../../src/providers/http/certificates.ts';
import { createHttpClient, type HttpClientOptions } from '../../../src/providers/http/client.ts';
import { chooseProxy } from '../../../src/providers/http/proxies.ts';
import { type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createSettings } from '../../helpers/provider-suite.ts';
import { type OnConnect, startProxy } from '../../helpers/proxy.ts';
import { startSocksProxy } from '../../helpers/socks-proxy.ts';
import { SELF_SIGNED, tls } from '../../helpers/tls.ts';

const hello: Play = ({ reply }) => reply({ body: 'Hello' });
const ca = readCertificates(SELF_SIGNED);

describe("the environment's proxies", () => {
  test.for([
    ['http://models.example', 'http://plain.example'],
    ['https://models.example', 'http://secure.example'],
  ] as const)('are chosen for %s by its scheme', ([url, proxy]) => {
    const proxies = { httpProxy: 'http://plain.example', httpsProxy: 'http://secure.example' };
    expect(chooseProxy(url, proxies)).toBe(proxy);
  });

  test('for http serve https too, where it has none of its own; not the other way round', () => {
    expect(chooseProxy('https://models.example', { httpProxy: 'http://one.example' })).toBe('http://one.example');
    expect(chooseProxy('http://models.example', { httpsProxy: 'http://one.example' })).toBeUndefined();
    expect(chooseProxy('http://models.example', {})).toBeUndefined();
  });

  test.for([
    'http://localhost:11434/v1',
    'http://LOCALHOST.',
    'https://ollama.localhost',
    'http://127.0.0.1:1',
    'http://127.1',
    'http://127.8.9.1',
    'http://0.0.0.0:1',
    'http://[::1]:1',
    'http://[::ffff:127.0.0.1]',
  ])('do not serve %s, which is this machine', (url) => {
    const proxies = { httpProxy: 'http://one.example', httpsProxy: 'http://one.example' };
    expect(chooseProxy(url, proxies)).toBeUndefined();
  });

  test.for([
    ['models.example', 'http://models.example', true],
    ['MODELS.example', 'https://models.EXAMPLE.', true],
    ['models.example', 'http://a.models.example', true],
    ['models.example', 'http://amodels.example', false],
    ['.models.example', 'http://models.example', true],
    ['.models.example', 'http://a.models.example', true],
    ['*.models.example', 'http://a.b.models.example', true],
    ['*.models.example', 'http://models.example', false],
    ['models.*', 'http://models.example', true],
    ['m.dels.example', 'http://models.example', false],
    ['other.example, models.example', 'http://models.example', true],
    ['other.example models.example', 'http://models.example', true],
    ['*', 'http://models.example', true],
    ['other.example,*', 'http://models.example', true],
    ['*:80', 'http://models.example', true],
    ['*:80', 'https://models.example', false],
    ['models.example:8000', 'http://models.example:8000', true],
    ['models.example:8000', 'http://models.example', false],
    ['models.example:443', 'https://models.example', true],
    ['10.0.0.0/8', 'http://10.1.2.3:8000', true],
    ['10.0.0.0/8', 'http://11.1.2.3', false],
    ['10.0.0.0/8', 'http://10.models.example', false],
    ['192.168.1.*', 'http://192.168.1.7', true],
    ['192.168.1.*', 'http://192.168.2.7', false],
    ['10.*', 'http://10.1.2.3', true],
    ['10.1.2.3', 'http://10.1.2.3', true],
    ['10.1.2.3:80', 'http://10.1.2.3:81', false],
    ['2.3', 'http://10.1.2.3', false],
    ['fd00::/8', 'http://[fd12::1]:8000', true],
    ['fd00::/8', 'http://[fe80::1]', false],
    ['[fd00::]/8', 'http://[fd12::1]', true],
    ['fd12:0::1', 'http://[fd12::1]', true],
    ['[fd12::1]:8000', 'http://[fd12::1]:8000', true],
    ['[fd12::1]:8000', 'http://[fd12::1]', false],
    ['10.0.0.0/99', 'http://10.0.0.0', false],
    ['models.example/8', 'http://models.example', false],
    ['(', 'http://models.example', false],
    ['', 'http://models.example', false],
    [' , ', 'http://models.example', false],
  ] as const)('with NO_PROXY "%s" and %s: directly is %s', ([noProxy, url, directly]) => {
    const proxies = { httpProxy: 'http://one.example', httpsProxy: 'http://one.example', noProxy };
    expect(chooseProxy(url, proxies) === undefined).toBe(directly);
  });

  test('carry what goes to other machines, by scheme', async () => {
    const [plain, secure] = [await startFakeUpstream(hello), await startFakeUpstream(hello, { tls: tls.issued })];
    const [httpProxy, httpsProxy] = [await startProxy(), await startProxy()];
    const environmentProxies = { httpProxy: httpProxy.url, httpsProxy: httpsProxy.url };
    await post({ baseUrl: `http://upstream.example:${plain.port}`, environmentProxies });
    const baseUrl = `https://upstream.example:${secure.port}`;
    await post({ baseUrl, environmentProxies, ca: [tls.authority] });
    expect(httpProxy.requests).toEqual([`POST http://upstream.example:${plain.port}/`]);
    expect(httpsProxy.requests).toEqual([`CONNECT upstream.example:${secure.port}`]);
  });

  test('are not asked for an upstream on this machine, and the proxy of a provider is', async () => {
    const upstream = await startFakeUpstream(hello);
    const [own, other] = [await startProxy(), await startProxy()];
    const environmentProxies = { httpProxy: other.url };
    await post({ baseUrl: upstream.url, environmentProxies });
    expect(own.requests).toEqual([]);
    await post({ baseUrl: upstream.url, proxy: own.url, environmentProxies: { ...environmentProxies, noProxy: '*' } });
    expect(own.requests).toHaveLength(1);
    expect(other.requests).toEqual([]);
  });

  test('are those of the settings, not those of the process', async () => {
    const proxy = await startProxy();
    vi.stubEnv('HTTP_PROXY', proxy.url);
    onTestFinished(() => {
      vi.unstubAllEnvs();
    });
    await expect(post({ baseUrl: 'http://127.0.0.1:1' })).rejects.toMatchObject({ code: 'UNREACHABLE' });
    expect(proxy.requests).toEqual([]);
  });
});

const schemes = ['http', 'https'];

describe.for(schemes)('the failure of a proxy on the way to an %s upstream is told as its own', (scheme) => {
  const baseUrl = `${scheme}://upstream.example`;

  test.for(['http', 'socks5'])('when nobody listens there, without its credentials (%s)', async (kind) => {
    const gone = await startFakeUpstream(() => {});
    await gone.close();
    const proxy = `${kind}://gateway:pa55word@127.0.0.1:${gone.port}`;
    const error = await failure({ baseUrl, proxy });
    expect(error).toMatchObject({ code: 'UNREACHABLE', retryable: true });
    expect(error.message).toMatch(/^The proxy of Acme could not be reached.*ECONNREFUSED/);
    expect(error.message).not.toMatch(/pa55word|gateway/);
  });

  test('when it asks for other credentials', async () => {
    const refuse = ({ response }: Parameters<Play>[0]) => response.writeHead(407).end();
    const forwarding = await startFakeUpstream(refuse);
    const tunnelling = await startProxy({
      onConnect: (client) => client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
    });
    const { url } = scheme === 'http' ? forwarding : tunnelling;
    const error = await failure({ baseUrl, proxy: url.replace('//', '//gateway:pa55word@') });
    expect(error).toMatchObject({
      code: 'UNREACHABLE',
      message: 'The proxy of Acme answered 407 when it was asked for a connection',
    });
  });

  test('when a SOCKS proxy refuses', async () => {
    const proxy = await startSocksProxy({ refuses: true });
    const error = await failure({ baseUrl, proxy: proxy.url });
    expect(error).toMatchObject({ code: 'UNREACHABLE' });
    expect(error.message).toMatch(/^The proxy of Acme /);
  });
});

const refusals: readonly (readonly [string, OnConnect, string])[] = [
  [
    'answers 502',
    (client) => client.end('HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n'),
    'The proxy of Acme answered 502 when it was asked for a connection',
  ],
  [
    'answers 407',
    (client) => client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n'),
    'The proxy of Acme answered 407 when it was asked for a connection',
  ],
  ['hangs up', (client) => client.destroy(), 'The proxy of Acme could not be reached'],
  ['resets', (client) => client.resetAndDestroy(), 'The proxy of Acme could not be reached'],
];

test.for(refusals)(
  'a proxy that %s instead of a tunnel has failed, not the upstream',
  async ([_title, onConnect, said]) => {
    const proxy = await startProxy({ onConnect });
    const error = await failure({ baseUrl: 'https://upstream.example', proxy: proxy.url });
    expect(error).toMatchObject({ code: 'UNREACHABLE', retryable: true });
    expect(error.message).toContain(said);
  },
);

test('a proxy that says nothing has not accepted a connection in time', async () => {
  const proxy = await startProxy({ onConnect: () => {} });
  const limits = createSettings({ connectTimeoutMs: 80 });
  const error = await failure({ baseUrl: 'https://upstream.example', proxy: proxy.url, ...limits });
  expect(error).toMatchObject({ code: 'TIMEOUT', message: 'The proxy of Acme accepted no connection in time' });
});

test.for([undefined, tls.selfSigned])('a SOCKS proxy leads to the upstream', async (tls) => {
  const upstream = await startFakeUpstream(hello, tls ? { tls } : {});
  const proxy = await startSocksProxy();
  expect(await post({ baseUrl: upstream.url, proxy: proxy.url, ca })).toBe('Hello');
  expect(proxy.targets).toEqual([`127.0.0.1:${upstream.port}`]);
});

test('what fails behind a proxy is the upstream', async () => {
  const proxy = await startProxy();
  const upstream = await startFakeUpstream(({ breakOff }) => breakOff(), { tls: tls.selfSigned });
  const error = await failure({ baseUrl: upstream.url, proxy: proxy.url, ca });
  expect(error).toMatchObject({ code: 'UNREACHABLE', retryable: true });
  expect(error.message).toMatch(/^Acme /);
});

type Options = Partial<HttpClientOptions> & { readonly baseUrl: string };

async function post(options: Options): Promise<string> {
  const client = createHttpClient({ name: 'Acme', ...createSettings(), ...options });
  onTestFinished(() => client.close());
  const answer = await client.send({ method: 'POST', path: '/', body: '{}' }, new AbortController().signal);
  return answer.text();
}

async function failure(options: Options): Promise<ProviderError> {
  const error = await post(options).catch((error: unknown) => error);
  if (!(error instanceof ProviderError)) throw new Error(`expected a failure, got ${error}`);
  return error;
}
