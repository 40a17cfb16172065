import { describe, expect, test } from 'vitest';
import { openWith, readAll, readStatus, UPGRADE } from '../helpers/raw-http.ts';
import { startServer } from '../helpers/server.ts';

const TARGET = 'GET /graphql?query={__typename} HTTP/1.1';

describe.for([
  ['a request', [], 200],
  ['an upgrade', UPGRADE, 101],
] as const)('%s', ([_title, headers, accepted]) => {
  async function statusFor(hosts: readonly string[], server: object = {}, target = TARGET): Promise<number> {
    const { url } = await startServer({ config: { server, auth: { open: true } } });
    return readStatus(await openWith(url, [target, ...hosts.map((host) => `host: ${host}`), ...headers]));
  }

  test.for([
    ['no host', []],
    ['two hosts', ['127.0.0.1', 'evil.example']],
    ['the same host twice', ['127.0.0.1', '127.0.0.1']],
    ['an empty host', ['']],
    ['half an address', ['[']],
    ['a blank', ['a b']],
    ['a port of letters', ['localhost:y']],
    ['a port out of range', ['localhost:99999']],
    ['a URL', ['http://localhost']],
    ['a user', ['user@localhost']],
    ['numbers that are no address', ['999.1.1.1']],
  ] as const)('with %s is refused', async ([_name, hosts]) => {
    expect(await statusFor(hosts)).toBe(400);
  });

  test('with a URL as its target, which could name another host, is refused', async () => {
    expect(await statusFor(['localhost'], {}, 'GET http://localhost/graphql HTTP/1.1')).toBe(400);
  });

  test.for(['localhost', 'LOCALHOST:4000', 'localhost.', 'models.localhost', '127.0.0.1', '127.8.9.1:1', '[::1]:4000'])(
    'to loopback is answered for the host %s',
    async (host) => {
      expect(await statusFor([host])).toBe(accepted);
    },
  );

  test.for(['rebound.example', 'rebound.example:4000', '192.0.2.1', '[2001:db8::1]', 'localhost.example'])(
    'to loopback is not answered for the host %s',
    async (host) => {
      expect(await statusFor([host])).toBe(421);
    },
  );

  test('to loopback is answered for a listed host', async () => {
    const server = { hosts: ['models.example.com'] };
    expect(await statusFor(['Models.Example.com:80'], server)).toBe(accepted);
    expect(await statusFor(['other.example.com'], server)).toBe(421);
  });

  test('to another address is answered for any host, unless some are listed', async () => {
    const host = '0.0.0.0';
    expect(await statusFor(['any.example'], { host })).toBe(accepted);
    expect(await statusFor(['any.example'], { host, hosts: ['models.example.com', '[2001:DB8::1]'] })).toBe(421);
    expect(await statusFor(['models.example.com'], { host, hosts: ['models.example.com'] })).toBe(accepted);
    expect(await statusFor(['[2001:db8:0::1]'], { host, hosts: ['[2001:DB8::1]'] })).toBe(accepted);
    expect(await statusFor(['localhost'], { host, hosts: ['models.example.com'] })).toBe(accepted);
    expect(await statusFor([], { host })).toBe(400);
  });
});

test('a host that is not answered learns why, on every path', async () => {
  const { url, log } = await startServer();
  for (const path of ['/graphql', '/health', '/ready', '/']) {
    const answer = await readAll(await openWith(url, [`GET ${path} HTTP/1.1`, 'host: rebound.example']));
    expect(answer).toContain("This server does not answer to the host 'rebound.example'");
    expect(answer).toContain('"code":"BAD_REQUEST"');
  }
  expect(log).toEqual([]);
});

test.for([
  ['64 KB of headers', 431, [`x: ${'y'.repeat(65_536)}`]],
  ['a length for a body in chunks', 400, ['content-length: 3', 'transfer-encoding: chunked']],
  ['two lengths', 400, ['content-length: 3', 'content-length: 4']],
] as const)('%s: %i', async ([_title, status, headers]) => {
  const { url } = await startServer();
  expect(await readStatus(await openWith(url, ['POST /graphql HTTP/1.1', 'host: localhost', ...headers]))).toBe(status);
});
