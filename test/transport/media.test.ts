import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { PDF, picture, postMedia, sendMedia, type Upload } from '../helpers/media.ts';
import { PICTURES, PNG } from '../helpers/pictures.ts';
import { openSocket, readStatus } from '../helpers/raw-http.ts';
import { startServer, type TestServer } from '../helpers/server.ts';
import { run } from '../helpers/server-process.ts';

/** The status of a refusal, and its code. */
async function refusalOf(...upload: Parameters<typeof postMedia>) {
  const response = await postMedia(...upload);
  const { errors } = (await response.json()) as { errors: { message: string; extensions: { code: string } }[] };
  expect(errors).toMatchObject([{ message: expect.stringMatching(/\w/), extensions: { code: expect.any(String) } }]);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  return [response.status, errors[0]?.extensions.code];
}

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** From here on the temporary files of this process are in a folder of their own. */
function useFolder(): string {
  const folder = makeFolder();
  const before = process.env.TMPDIR;
  process.env.TMPDIR = folder;
  onTestFinished(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  });
  return folder;
}

const filesIn = (folder: string) => readdirSync(folder, { recursive: true }).map(String);

/** The head of an upload, as it goes over the wire. */
const head = (lines: readonly string[], type = 'image/png') =>
  `${['POST /media HTTP/1.1', 'host: localhost', `content-type: ${type}`, ...lines].join('\r\n')}\r\n\r\n`;

/** Begins an upload of so many bytes, and sends some of them. */
async function begin({ url }: { readonly url: string }, bytes: number, first: Uint8Array) {
  const socket = await openSocket(url);
  socket.write(head([`content-length: ${bytes}`]));
  await new Promise((resolve) => socket.write(first, resolve));
  return socket;
}

test('a file is kept as it is, only for us, and gone when the server stops', async () => {
  const folder = useFolder();
  const server = await startServer();
  expect(filesIn(folder)).toEqual([]);
  const bytes = picture(300_000);
  await sendMedia(server, bytes);
  const [own = '', file = ''] = filesIn(folder);
  expect(own).toMatch(/^modelql-media-/);
  expect(statSync(join(folder, own)).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, file))).toMatchObject({ size: 300_000 });
  expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
  await server.app.stop();
  expect(filesIn(folder)).toEqual([]);
  expect(server.errors()).toEqual([]);
});

describe('a content-type', () => {
  test.for([
    ['image/png', 'image/png', PNG],
    ['image/jpg', 'image/jpeg', PICTURES['image/jpeg']],
    ['application/pdf', 'application/pdf', PDF],
    ['text/markdown; charset=utf-8', 'text/markdown', Buffer.from('# größer')],
    ['application/json', 'application/json', Buffer.from('{}')],
    ['application/octet-stream', 'image/png', PNG],
  ] as const)('of %s is %s, where the bytes are', async ([type, mediaType, bytes = PNG]) => {
    const server = await startServer();
    expect(await sendMedia(server, bytes, { type })).toMatchObject({ mediaType, bytes: bytes.length });
  });

  test.for([
    ['of another picture', 'image/jpeg'],
    ['of no picture', 'application/pdf'],
    ['of text', 'text/markdown'],
    ['of a form', 'multipart/form-data; boundary=x'],
    ['of another form', 'application/x-www-form-urlencoded'],
    ['that is none', 'picture'],
    ['that is empty', ''],
  ])('%s is refused', async ([, type = '']) => {
    const folder = useFolder();
    const server = await startServer();
    expect(await refusalOf(server, PNG, { type })).toEqual([415, 'BAD_REQUEST']);
    expect(filesIn(folder).filter((name) => name.includes('/'))).toEqual([]);
  });

  test('of plain text needs a header that no page can send unasked', async () => {
    const server = await startServer();
    expect(await refusalOf(server, 'hello', { type: 'text/plain;charset=UTF-8' })).toEqual([415, 'BAD_REQUEST']);
    expect(await sendMedia(server, 'hello', { type: 'text/plain', key: 'any' })).toMatchObject({
      mediaType: 'text/plain',
    });
  });
});

describe('a body', () => {
  test('of the limit is taken, and of one byte more refused', async () => {
    const server = await startServer({ config: { limits: { maxMediaBytes: 1000 } } });
    expect(await sendMedia(server, picture(1000))).toMatchObject({ bytes: 1000 });
    expect(await refusalOf(server, picture(1001))).toEqual([413, 'REQUEST_ENTITY_TOO_LARGE']);
  });

  test('of no bytes, or of no length, is refused', async () => {
    const server = await startServer();
    expect(await refusalOf(server, '')).toEqual([400, 'BAD_REQUEST']);
    const socket = await openSocket(server.url);
    socket.write(`${head(['transfer-encoding: chunked'])}3\r\nabc\r\n0\r\n\r\n`);
    expect(await readStatus(socket)).toBe(411);
  });

  test('that is refused leaves its connection to the next request', async () => {
    const server = await startServer();
    const socket = await begin(server, 200_000, Buffer.from('no picture'.repeat(7000)));
    expect(await readStatus(socket)).toBe(415);
    socket.write(Buffer.alloc(130_000));
    const status = readStatus(socket);
    socket.write(head([`content-length: ${PNG.length}`]));
    socket.write(PNG);
    expect(await status).toBe(201);
  });

  test('in pieces of one byte is whole', async () => {
    const server = await startServer();
    const socket = await begin(server, PNG.length, PNG.subarray(0, 1));
    const status = readStatus(socket);
    for (const byte of PNG.subarray(1)) await new Promise((resolve) => socket.write(Buffer.from([byte]), resolve));
    expect(await status).toBe(201);
  });

  test('whose client leaves in the middle leaves nothing', async () => {
    const folder = useFolder();
    const server = await startServer();
    const socket = await begin(server, 1_000_000, picture(500_000));
    await expect.poll(() => filesIn(folder)).toHaveLength(2);
    socket.destroy();
    await expect.poll(() => filesIn(folder)).toHaveLength(1);
    await expect
      .poll(() => server.log.find(({ msg }) => msg === 'operation'))
      .toMatchObject({ operation: 'POST /media', code: 'LEFT' });
    expect(server.errors()).toEqual([]);
  });
});

test('a store that is full of files in use says so, and has room again afterwards', async () => {
  const server = await startServer({ config: { limits: { maxMediaStoreBytes: 300_000 } } });
  const socket = await begin(server, 295_000, picture(100_000));
  await expect.poll(async () => (await postMedia(server, picture(8000))).status).toBe(507);
  expect(await refusalOf(server, picture(8000))).toEqual([507, 'INSUFFICIENT_STORAGE']);
  socket.destroy();
  await expect.poll(async () => (await postMedia(server, picture(8000))).status).toBe(201);
  expect(server.errors()).toEqual([]);
});

describe('the doors', () => {
  const upload = (server: TestServer, more: Upload = {}) => refusalOf(server, PNG, more);

  test('want a key', async () => {
    const server = await startServer({ config: { auth: { keys: ['right'] } } });
    expect(await upload(server)).toEqual([401, 'UNAUTHENTICATED']);
    expect(await upload(server, { key: 'wrong' })).toEqual([401, 'UNAUTHENTICATED']);
    await sendMedia(server, PNG, { key: 'right' });
  });

  test('count', async () => {
    const server = await startServer({ config: { limits: { requestsPerMinute: 1 } } });
    await sendMedia(server, PNG);
    expect(await upload(server)).toEqual([429, 'RATE_LIMITED']);
  });

  test('let in no more than may run', async () => {
    const server = await startServer({ config: { limits: { maxStreams: 1 } } });
    const socket = await begin(server, 1000, PNG);
    await expect.poll(() => upload(server).catch(() => undefined)).toEqual([503, 'RATE_LIMITED']);
    socket.destroy();
    await expect.poll(async () => (await postMedia(server, PNG)).status).toBe(201);
  });

  test('are shut once the server stops', async () => {
    const server = await startServer();
    await server.app.stop();
    expect(await upload(server)).toEqual([503, 'SHUTTING_DOWN']);
  });

  test('look at the host', async () => {
    const { url } = await startServer();
    const headers = { host: 'evil.example.com', 'content-type': 'image/png' };
    const status = await new Promise((resolve) => {
      const request = httpRequest(new URL('media', url), { method: 'POST', headers }, (response) => {
        resolve(response.resume().statusCode);
      });
      request.end(PNG);
    });
    expect(status).toBe(421);
  });

  test('let pages in whose origin is listed, and no others', async () => {
    const origins = ['https://app.example.com'];
    const { url } = await startServer({ config: { server: { cors: { origins } } } });
    const allowed = async (origin: string) => {
      const response = await fetch(new URL('media', url), { method: 'OPTIONS', headers: { origin } });
      return response.headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://app.example.com')).toBe('https://app.example.com');
    expect(await allowed('https://evil.example.com')).toBeNull();
  });

  test('want a POST', async () => {
    const { url } = await startServer();
    const response = await fetch(new URL('media', url));
    expect([response.status, response.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('stand under `server.path`', async () => {
    await sendMedia(await startServer({ config: { server: { path: '/tools/ai' } } }), PNG);
  });

  test('write a line for each file that comes in, without a word of it', async () => {
    const server = await startServer({ config: { auth: { keys: [{ name: 'alice', key: 'right' }] } } });
    const { url } = await sendMedia(server, PNG, { key: 'right' });
    const [line] = server.log.filter(({ msg }) => msg === 'operation');
    expect(line).toMatchObject({ operation: 'POST /media', code: 'OK', key: 'alice', transport: 'http' });
    expect(JSON.stringify(server.log)).not.toContain(url);
  });
});

describe('the folder of a process', () => {
  const start = async (folder: string) => {
    const server = run(['--port', '0'], { TMPDIR: folder });
    const { url } = await server.first;
    return { ...server, url: `${url}/graphql` };
  };

  test('that is stopped is gone', async () => {
    const folder = makeFolder();
    const server = await start(folder);
    await sendMedia(server, PNG);
    expect(filesIn(folder)).toHaveLength(2);
    server.child.kill('SIGTERM');
    expect(await server.exit).toMatchObject({ code: 0 });
    expect(filesIn(folder)).toEqual([]);
  });

  test('that is killed is gone once another has started, and that of one that runs is not', async () => {
    const folder = makeFolder();
    const killed = await start(folder);
    await sendMedia(killed, PNG);
    const [its = ''] = filesIn(folder);
    killed.child.kill('SIGKILL');
    await killed.exit;
    expect(existsSync(join(folder, its))).toBe(true);
    const second = await start(folder);
    await expect.poll(() => existsSync(join(folder, its))).toBe(false);
    const { url } = await sendMedia(second, PNG);
    const third = await start(folder);
    await sendMedia(third, PNG);
    expect(filesIn(folder).some((name) => name.endsWith(url.slice('media:'.length)))).toBe(true);
  });
});
