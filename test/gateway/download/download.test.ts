import { readFileSync } from 'node:fs';
import type { LookupFunction } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createDownload, type Download, type DownloadOptions } from '../../../src/gateway/download/download.ts';
import { type Answer, type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { PNG } from '../../helpers/pictures.ts';

const tls = { key: readFixture('key.pem'), cert: readFixture('certificate.pem') };

beforeAll(() => {
  const trusted = getCACertificates('default');
  setDefaultCACertificates([...trusted, tls.cert]);
  afterAll(() => setDefaultCACertificates(trusted));
});

const picture: Play = ({ reply }) => reply({ headers: { 'content-type': 'image/png' }, body: PNG });
const redirect =
  (location: string, status = 302): Play =>
  ({ reply }) =>
    reply({ status, headers: { location }, body: 'Elsewhere' });

/** Spellings of this machine's own address, and of others that are nobody's on the public internet. */
const HOSTS = [
  '127.0.0.1',
  '127.0.0.1.',
  '127.1',
  '127.0.1',
  '127.0.0.2',
  '0x7f.1',
  '0x7f000001',
  '0177.0.0.1',
  '2130706433',
  '017700000001',
  '１２７.０.０.１',
  '127%2e0%2e0%2e1',
  '0',
  '0.0.0.0',
  'localhost',
  'LOCALHOST',
  '%6cocalhost',
  'canary.example',
  'partly.example',
  'secretly.example',
  '[::]',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::127.0.0.1]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::ffff:0:127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '[2001:db8::1]',
  '10.0.0.1',
  '100.100.100.200',
  '169.254.169.254',
  '172.16.0.1',
  '192.168.0.1',
  '192.0.2.1',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
];

/** As a name server would, that answers what its owner likes. */
const NAMES: Readonly<Record<string, readonly string[]>> = {
  'canary.example': ['127.0.0.1'],
  'partly.example': ['127.0.0.1', '2606:4700::1111'],
  'secretly.example': ['::ffff:127.0.0.1'],
  localhost: ['127.0.0.1', '::1'],
};

const lookup: LookupFunction = (name, { all }, callback) => {
  const found = (NAMES[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const [first] = found;
  if (!first) callback(Object.assign(new Error(`no ${name}`), { code: 'ENOTFOUND' }), '');
  else if (all) callback(null, found);
  else callback(null, first.address, first.family);
};

describe('an address on a private network', () => {
  test.for(HOSTS)('%s is BLOCKED before anything is sent', async (host) => {
    const canary = await startFakeUpstream(picture);
    const message = expect.stringMatching(/is not on the public internet/);
    await expect(read(`http://${host}:${canary.port}/`)).rejects.toMatchObject({ code: 'BLOCKED', message });
    await expect(read(`https://${host}:${canary.port}/`)).rejects.toMatchObject({ code: 'BLOCKED' });
    expect([canary.exchanges.length, canary.openSockets]).toEqual([0, 0]);
  });

  test.for(HOSTS)('%s is BLOCKED when a trusted origin redirects there', async (host) => {
    const canary = await startFakeUpstream(picture);
    const ascii = host.replace(/[０-９]/g, encodeURIComponent);
    const upstream = await startFakeUpstream(redirect(`http://${ascii}:${canary.port}/`));
    await expect(read(upstream.url, [upstream.url])).rejects.toMatchObject({ code: 'BLOCKED' });
    expect(upstream.exchanges.length).toBe(1);
    expect([canary.exchanges.length, canary.openSockets]).toEqual([0, 0]);
  });

  test('is BLOCKED when the system resolves a name to it', async () => {
    const canary = await startFakeUpstream(picture);
    const download = startDownload({ names: undefined });
    await expect(download.read(`http://localhost:${canary.port}/`, never())).rejects.toMatchObject({ code: 'BLOCKED' });
    expect([canary.exchanges.length, canary.openSockets]).toEqual([0, 0]);
  });

  test('is BLOCKED by the address of the socket when a resolver changes its mind', async () => {
    const canary = await startFakeUpstream(picture);
    const said = ['2606:4700::1111'];
    const fickle = {
      family: 4,
      get address() {
        return said.pop() ?? '127.0.0.1';
      },
    };
    const download = startDownload({ names: (_name, _options, callback) => callback(null, [fickle]) });
    const address = `http://canary.example:${canary.port}/`;
    await expect(download.read(address, never())).rejects.toMatchObject({ code: 'BLOCKED' });
    expect(canary.exchanges).toEqual([]);
    await canary.allClosed();
  });

  test('is BLOCKED at the last hop of many', async () => {
    const canary = await startFakeUpstream(picture);
    const upstream = await startFakeUpstream([redirect('/2'), redirect('/3'), redirect(canary.url)]);
    await expect(read(upstream.url, [upstream.url])).rejects.toMatchObject({ code: 'BLOCKED' });
    expect(upstream.exchanges.map(({ url }) => url)).toEqual(['/', '/2', '/3']);
    expect(canary.exchanges).toEqual([]);
  });

  test('is told from the trusted one by its port and its scheme', async () => {
    const [canary, trusted] = [await startFakeUpstream(picture), await startFakeUpstream(picture)];
    await expect(read(canary.url, [trusted.url])).rejects.toMatchObject({ code: 'BLOCKED' });
    const secure = `https://127.0.0.1:${trusted.port}`;
    await expect(read(secure, [trusted.url])).rejects.toMatchObject({ code: 'BLOCKED' });
    expect([canary.exchanges.length, trusted.exchanges.length]).toEqual([0, 0]);
  });

  test('is not named in the refusal of a name that leads there', async () => {
    const error = await read('http://canary.example/').catch((error: Error) => error);
    expect(String(error)).toContain('canary.example');
    expect(String(error)).not.toContain('127');
  });
});

test('a name that leads nowhere is UNREACHABLE', async () => {
  await expect(read('http://nowhere.example/')).rejects.toMatchObject({ code: 'UNREACHABLE' });
});

describe('a trusted origin', () => {
  test('is asked with a GET that tells nothing of us', async () => {
    const upstream = await startFakeUpstream(picture);
    const address = `${upstream.url.replace('//', '//user:secret@')}/a%20b.png?size=3#top`;
    expect(await read(address, [upstream.url])).toEqual(PNG);
    const { method, url, headers, body } = await upstream.exchange();
    expect({ method, url, body }).toEqual({ method: 'GET', url: '/a%20b.png?size=3', body: '' });
    expect(headers).toEqual({
      host: `127.0.0.1:${upstream.port}`,
      connection: 'close',
      accept: 'image/*',
      'accept-encoding': 'identity',
      'user-agent': 'modelql',
    });
  });

  test('may be a name, https, and spelled in another way', async () => {
    const plain = await startFakeUpstream(picture);
    const named = `http://canary.example:${plain.port}`;
    expect(
      await startDownload({ origins: [named], names: undefined })
        .read(plain.url, never())
        .catch(codeOf),
    ).toBe('BLOCKED');
    expect(await read(`http://127.1:${plain.port}/`, [plain.url])).toEqual(PNG);
    expect(await read(`http://LOCALHOST:${plain.port}/`, [`http://localhost:${plain.port}`])).toEqual(PNG);
    const secure = await startFakeUpstream(picture, { tls });
    expect(await read(secure.url, [secure.url])).toEqual(PNG);
  });

  test('keeps no connection once the picture is there', async () => {
    const upstream = await startFakeUpstream(picture);
    await read(upstream.url, [upstream.url]);
    await upstream.allClosed();
  });
});

describe('a redirect', () => {
  test.for([301, 302, 303, 307, 308])('with %i is followed, also to another trusted origin', async (status) => {
    const target = await startFakeUpstream(picture);
    const upstream = await startFakeUpstream([redirect('/there', status), redirect(`${target.url}/picture`, status)]);
    expect(await read(upstream.url, [upstream.url, target.url])).toEqual(PNG);
    expect(upstream.exchanges.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /', 'GET /there']);
    expect(target.exchanges.map(({ method, url }) => `${method} ${url}`)).toEqual(['GET /picture']);
    await upstream.allClosed();
  });

  test('is followed five times, and not once more', async () => {
    const hops = (count: number) =>
      startFakeUpstream([redirect('/1'), ...Array.from({ length: count - 1 }, () => redirect('/on')), picture]);
    const five = await hops(5);
    expect(await read(five.url, [five.url])).toEqual(PNG);
    const six = await hops(6);
    await expect(read(six.url, [six.url])).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
    expect(six.exchanges.length).toBe(6);
    await six.allClosed();
  });

  test.for([
    'file:///etc/passwd',
    'data:image/png;base64,YWJj',
    'ftp://127.0.0.1/picture.png',
    'javascript:alert(1)',
    'blob:http://127.0.0.1/1',
    'ws://127.0.0.1/',
  ])('to %s is BLOCKED', async (location) => {
    const upstream = await startFakeUpstream(redirect(location));
    await expect(read(upstream.url, [upstream.url])).rejects.toMatchObject({ code: 'BLOCKED' });
    await upstream.allClosed();
  });

  test('from https to http is BLOCKED, the other way round is not', async () => {
    const plain = await startFakeUpstream(picture);
    const secure = await startFakeUpstream([redirect(plain.url), picture], { tls });
    const origins = [plain.url, secure.url];
    await expect(read(secure.url, origins)).rejects.toMatchObject({ code: 'BLOCKED' });
    expect(plain.exchanges).toEqual([]);
    const upstream = await startFakeUpstream(redirect(secure.url));
    expect(await read(upstream.url, [...origins, upstream.url])).toEqual(PNG);
  });

  test.for(['http://', 'http://[', 'https://a b/'])('to %j is BAD_RESPONSE', async (location) => {
    const upstream = await startFakeUpstream(redirect(location));
    await expect(read(upstream.url, [upstream.url])).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
  });

  test.for([300, 304])('needs a status that is one, which %i is not', async (status) => {
    const upstream = await startFakeUpstream(redirect('/there', status));
    await expect(read(upstream.url, [upstream.url])).rejects.toMatchObject({ code: 'BAD_RESPONSE', status });
  });
});

test.for(['file:///etc/passwd', 'ftp://127.0.0.1/', 'javascript:alert(1)', 'gopher://127.0.0.1/'])(
  'the address %s is BLOCKED',
  async (address) => {
    await expect(read(address)).rejects.toMatchObject({ code: 'BLOCKED' });
  },
);

test.for(['', '/picture.png', 'picture', 'http://'])('the address %j is BAD_RESPONSE', async (address) => {
  await expect(read(address)).rejects.toMatchObject({ code: 'BAD_RESPONSE' });
});

describe('an answer', () => {
  test.for([
    ['REJECTED', { status: 404 }],
    ['UNAUTHORIZED', { status: 403 }],
    ['RATE_LIMITED', { status: 429 }],
    ['UNAVAILABLE', { status: 500 }],
    ['BLOCKED', { status: 403, body: 'Just a moment' }],
    ['BAD_RESPONSE', { headers: { 'content-encoding': 'compress' }, body: 'x' }],
    ['BAD_RESPONSE', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(PNG).subarray(0, -1) }],
    ['TOO_LARGE', { headers: { 'content-encoding': 'gzip' }, body: gzipSync(Buffer.alloc(100_000_000)) }],
    ['REJECTED', { status: 404, body: 'x'.repeat(100_000) }],
  ] as const)('is %s with %o', async ([code, answer]: readonly [string, Answer]) => {
    const upstream = await startFakeUpstream(({ reply }) => reply(answer));
    await expect(read(upstream.url, [upstream.url])).rejects.toMatchObject({ code });
    await upstream.allClosed();
  });

  test.for([
    ['gzip', gzipSync],
    ['br', brotliCompressSync],
  ] as const)('in %s, which is not asked for, is unpacked', async ([encoding, compress]) => {
    const upstream = await startFakeUpstream(({ reply }) =>
      reply({ headers: { 'content-encoding': encoding }, body: compress(PNG) }),
    );
    expect(await read(upstream.url, [upstream.url])).toEqual(PNG);
    expect((await upstream.exchange()).headers['accept-encoding']).toBe('identity');
  });

  test('as large as the limit is taken', async () => {
    const upstream = await startFakeUpstream(picture);
    expect(await read(upstream.url, [upstream.url], { maxBytes: PNG.length })).toEqual(PNG);
  });

  test('that says it is larger than the limit is TOO_LARGE before it has come', async () => {
    const upstream = await startFakeUpstream(({ begin }) => begin({ headers: { 'content-length': 101 } }));
    const error = read(upstream.url, [upstream.url], { maxBytes: 100 });
    await expect(error).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await upstream.allClosed();
  });

  test('that grows larger than the limit is TOO_LARGE, and is let go of', async () => {
    const upstream = await startFakeUpstream(async ({ begin, send }) => {
      await begin();
      await send('x'.repeat(60), 'x'.repeat(60));
    });
    const error = read(upstream.url, [upstream.url], { maxBytes: 100 });
    await expect(error).rejects.toMatchObject({ code: 'TOO_LARGE' });
    await upstream.allClosed();
  });

  test('that breaks off is UNREACHABLE', async () => {
    const upstream = await startFakeUpstream(async ({ begin, send, breakOff }) => {
      await begin({ headers: { 'content-length': PNG.length } });
      await send(PNG.subarray(0, 20));
      breakOff();
    });
    await expect(read(upstream.url, [upstream.url])).rejects.toMatchObject({ code: 'UNREACHABLE' });
  });
});

describe('a host that is slow', () => {
  const stuck: Readonly<Record<string, readonly [Play, ...Play[]]>> = {
    'before it answers': [() => {}],
    'after the head of its answer': [({ begin }) => begin()],
    'behind a redirect': [redirect('/there'), () => {}],
    'in the middle': [
      async ({ begin, send }) => {
        await begin();
        await send(PNG.subarray(0, 20));
      },
    ],
  };

  test.for(Object.entries(stuck))('%s is TIMEOUT, and is let go of', async ([_place, plays]) => {
    const upstream = await startFakeUpstream(plays);
    const limits = { firstPartTimeoutMs: 150, idleTimeoutMs: 150 };
    await expect(read(upstream.url, [upstream.url], limits)).rejects.toMatchObject({ code: 'TIMEOUT' });
    await upstream.allClosed();
  });

  test.for(Object.entries(stuck))('%s is let go of at once when the caller leaves', async ([_place, plays]) => {
    const waiting = Promise.withResolvers<void>();
    const upstream = await startFakeUpstream(async (exchange) => {
      const at = upstream.exchanges.indexOf(exchange);
      await plays[at]?.(exchange);
      if (at === plays.length - 1) waiting.resolve();
    });
    const controller = new AbortController();
    const reason = new Error('left');
    const download = startDownload({ origins: [upstream.url] });
    const reading = download.read(upstream.url, controller.signal);
    const failed = reading.catch((error: unknown) => error);
    await waiting.promise;

    controller.abort(reason);
    expect(await failed).toBe(reason);
    const { closed } = await upstream.exchange(plays.length - 1);
    await closed;
  });
});

test('a download that runs when all is closed is let go of', async () => {
  const upstream = await startFakeUpstream(() => {});
  const download = startDownload({ origins: [upstream.url] });
  const failed = expect(download.read(upstream.url, never())).rejects.toMatchObject({ code: 'UNREACHABLE' });
  await upstream.exchange();
  await download.close();
  await failed;
  await upstream.allClosed();
});

interface Options {
  readonly origins?: readonly string[];
  readonly limits?: Limits;
  readonly names?: LookupFunction | undefined;
}

type Limits = Partial<DownloadOptions['limits'] & Pick<DownloadOptions, 'maxBytes'>>;

function startDownload({ origins = [], limits = {}, ...rest }: Options = {}): Download {
  const { maxBytes = 1_000_000, ...others } = limits;
  const download = createDownload({
    limits: {
      connectTimeoutMs: 120_000,
      firstPartTimeoutMs: 120_000,
      idleTimeoutMs: 120_000,
      maxDurationMs: 0,
      ...others,
    },
    accept: 'image/*',
    maxBytes,
    trustedOrigins: origins,
    lookup: 'names' in rest ? rest.names : lookup,
  });
  onTestFinished(download.close);
  return download;
}

function read(address: string, origins: readonly string[] = [], limits: Limits = {}) {
  return startDownload({ origins, limits })
    .read(address, never())
    .then(({ bytes }) => bytes);
}

function never(): AbortSignal {
  return new AbortController().signal;
}

function codeOf(error: unknown): unknown {
  return (error as { code?: unknown }).code;
}

function readFixture(name: string): string {
  return readFileSync(new URL(`../../fixtures/tls/${name}`, import.meta.url), 'utf8');
}
