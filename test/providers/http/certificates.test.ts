import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { readCertificates } from '../../../src/providers/http/certificates.ts';
import { createHttpClient, type HttpClientOptions } from '../../../src/providers/http/client.ts';
import { load, problemsOf } from '../../helpers/config.ts';
import { type Play, startFakeUpstream } from '../../helpers/fake-upstream.ts';
import { createSettings } from '../../helpers/provider-suite.ts';
import { startProxy } from '../../helpers/proxy.ts';
import { AUTHORITY, SELF_SIGNED, tls } from '../../helpers/tls.ts';

const hello: Play = ({ reply }) => reply({ body: 'Hello' });
const selfSigned = readCertificates(SELF_SIGNED);
const authority = readCertificates(AUTHORITY);

describe('a certificate', () => {
  test.for([
    ['that is self-signed', tls.selfSigned, selfSigned],
    ['whose issuer is unknown', tls.issued, authority],
  ] as const)('%s is accepted with `ca`, and without it UNREACHABLE and not to be tried again', async ([, tls, ca]) => {
    const { url: baseUrl } = await startFakeUpstream(hello, { tls });
    expect(await get({ baseUrl, ca })).toBe('Hello');
    const error = await failure({ baseUrl });
    expect(error).toMatchObject({ code: 'UNREACHABLE', retryable: false });
    expect(error.message).toMatch(/^Acme shows a certificate that is not accepted.*`ca`.*NODE_EXTRA_CA_CERTS/);
  });

  test('that has expired is not accepted, and has to be renewed', async () => {
    const { url: baseUrl } = await startFakeUpstream(hello, { tls: tls.expired });
    expect(await failure({ baseUrl, ca: authority })).toMatchObject({
      code: 'UNREACHABLE',
      retryable: false,
      message: expect.stringMatching(/CERT_HAS_EXPIRED.*renewed/),
    });
  });

  test('for another host is not accepted, whoever issued it', async () => {
    const upstream = await startFakeUpstream(hello, { tls: tls.selfSigned });
    expect(await failure({ baseUrl: `https://localhost:${upstream.port}`, ca: selfSigned })).toMatchObject({
      code: 'UNREACHABLE',
      retryable: false,
      message: expect.stringContaining('for another host'),
    });
    expect(upstream.exchanges).toEqual([]);
  });

  test('is looked at behind a proxy too', async () => {
    const { url: baseUrl } = await startFakeUpstream(hello, { tls: tls.issued });
    const { url: proxy } = await startProxy();
    expect(await get({ baseUrl, proxy, ca: authority })).toBe('Hello');
    expect(await failure({ baseUrl, proxy, ca: selfSigned })).toMatchObject({ retryable: false });
  });

  test.for(['http', 'https'])('of a proxy is told as its own, for an %s upstream', async (scheme) => {
    const upstream = await startFakeUpstream(hello, { tls: tls.selfSigned });
    const error = await failure({ baseUrl: `${scheme}://upstream.example`, proxy: upstream.url });
    expect(error).toMatchObject({ code: 'UNREACHABLE', retryable: false });
    expect(error.message).toMatch(/^The proxy of Acme shows a certificate that is not accepted/);
  });
});

describe('the file named by `ca`', () => {
  const configure = (ca: unknown) => ({ providers: { websim: { ca } } });

  test('may hold several certificates, and words between them', () => {
    const file = writeTemporary(`# ours\n${selfSigned[0]}\n# theirs\n${authority[0]}`);
    expect(load(configure(file)).providers.websim).toMatchObject({ ca: [selfSigned[0], authority[0]] });
  });

  test.for([
    ['is not there', () => join(tmpdir(), 'nowhere', 'ca.pem'), /cannot read '.*ca\.pem' \(ENOENT\)$/],
    ['is a folder', () => tmpdir(), /cannot read '.*' \(EISDIR\)$/],
    ['holds no certificate', () => writeTemporary(tls.selfSigned.key), /found none in '.*'$/],
    [
      'holds a broken one',
      () => writeTemporary('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'),
      /found a broken one in '.*'$/,
    ],
  ] as const)('that %s is a problem of the configuration', ([, file, problem]) => {
    const problems = problemsOf(configure(file()));
    expect(problems).toEqual([expect.stringMatching(problem)]);
    expect(problems[0]).toMatch(/^providers\.websim\.ca: /);
  });
});

function writeTemporary(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'ca.pem');
  writeFileSync(file, text);
  return file;
}

type Options = Partial<HttpClientOptions> & { readonly baseUrl: string };

async function get(options: Options): Promise<string> {
  const client = createHttpClient({ name: 'Acme', ...createSettings(), ...options });
  onTestFinished(() => client.close());
  return (await client.send({ method: 'GET', path: '/' }, new AbortController().signal)).text();
}

async function failure(options: Options): Promise<Error> {
  return get(options).then(
    () => Promise.reject(new Error('expected a failure')),
    (error: Error) => error,
  );
}
