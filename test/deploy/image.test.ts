import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DockerfileParser, type From, type Label } from 'dockerfile-ast';
import { validate } from 'dockerfile-utils';
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { NO_BOX } from '../helpers/box.ts';
import { readSse } from '../helpers/clients.ts';
import { buildImage, runInImage, type Stage, usedPackages } from '../helpers/image.ts';
import { PNG } from '../helpers/pictures.ts';

const text = readFileSync('Dockerfile', 'utf8');
const dockerfile = DockerfileParser.parse(text);
const instructions = dockerfile.getInstructions();
const named = (keyword: string) => instructions.filter((instruction) => instruction.getKeyword() === keyword);
const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
/** With it, `npm ci` asks the registry as in a build; `npm test` takes what it has put into this checkout. */
const fromRegistry = process.env.IMAGE_FROM_REGISTRY === '1';

describe('the Dockerfile', () => {
  test('has nothing that a linter finds', () => {
    expect(validate(text)).toEqual([]);
  });

  test('begins each stage with the Node that the tests run on', () => {
    const images = named('FROM').map((instruction) => (instruction as From).getImage());
    expect(new Set(images)).toEqual(new Set([`node:${manifest.devDependencies.node}-slim`]));
  });

  test('has the labels of this version', () => {
    const labels = named('LABEL').flatMap((instruction) => (instruction as Label).getProperties());
    const of = (name: string) =>
      labels.find((label) => label.getName() === `org.opencontainers.image.${name}`)?.getValue();
    const { name, description, version, license } = manifest;
    expect([of('title'), of('description'), of('version'), of('licenses')]).toEqual([
      name,
      description,
      version,
      license,
    ]);
  });
});

describe('what it builds', () => {
  const folder = mkdtempSync(join(tmpdir(), 'image-'));
  let image: Stage;

  beforeAll(async () => {
    if (!NO_BOX) image = await buildImage(text, { folder, fromRegistry });
  }, 600_000);
  afterAll(() => rm(folder, { recursive: true }), 600_000);
  beforeEach(({ skip }) => {
    if (NO_BOX) skip(NO_BOX);
  });

  /** As `docker run` does, but that the network is this machine's: on a free port. */
  async function run(environment: Record<string, string> = {}) {
    const port = String(await freePort());
    const child = runInImage([...image.entrypoint, ...image.command], image, { PORT: port, ...environment });
    onTestFinished(() => void child.kill('SIGKILL'));
    let told = '';
    child.stderr.on('data', (data) => {
      told += data;
    });
    const exit = once(child, 'close');
    const lines = createInterface({ input: child.stdout });
    await Promise.race([once(lines, 'line'), exit.then(() => Promise.reject(new Error(told)))]);
    return { url: `http://127.0.0.1:${port}`, port, child, exit, told: () => told };
  }

  async function checkHealth(port: string): Promise<number> {
    const [code] = await once(runInImage(image.healthcheck, image, { PORT: port }), 'close');
    return code;
  }

  test('has the package and what it needs, and no more', () => {
    const app = join(image.root, 'app');
    const { files } = manifest as { files: string[] };
    const allowed = [
      ...files.map((file) => file.split('/')[0]),
      'bin',
      'node_modules',
      'package.json',
      'README.md',
      'LICENSE',
    ];
    expect(readdirSync(app).filter((name) => !allowed.includes(name))).toEqual([]);
    const packages = usedPackages();
    expect(packages.filter((path) => !existsSync(join(app, path)))).toEqual([]);
    expect(existsSync(join(app, 'node_modules/typescript'))).toBe(false);
  });

  test('is no root, and cannot write but to /tmp', async () => {
    const script = 'id -u; for file in /app/x /root/x /x /tmp/x; do touch $file 2> /dev/null && echo $file; done; true';
    const child = runInImage(['sh', '-c', script], image);
    let output = '';
    child.stdout.on('data', (data) => {
      output += data;
    });
    await once(child, 'close');
    expect(output).toBe('1000\n/tmp/x\n');
  });

  test('serves whoever has the key that it prints, with the playground and a place for files', async () => {
    const { url, told } = await run();
    const keyIn = (text: string) => /^ {2}(\S{32,})$/m.exec(text)?.[1];
    await expect.poll(() => keyIn(told())).toBeDefined();
    const authorization = `Bearer ${keyIn(told())}`;
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html;charset=utf-8']);
    expect((await fetch(`${url}/graphql?query={__typename}`)).status).toBe(401);
    const headers = { authorization, 'content-type': 'image/png' };
    expect((await fetch(`${url}/media`, { method: 'POST', headers, body: Uint8Array.from(PNG) })).status).toBe(201);
  });

  test('is healthy while it runs, and not after it; a signal lets a stream go on to its end', async () => {
    const { url, port, child, exit } = await run({ MODELQL_KEY: 'sesame-sesame' });
    expect(await checkHealth(port)).toBe(0);
    const query = 'subscription { chat(input: { messages: [{ role: USER, content: "hello" }] }) { __typename } }';
    const types: unknown[] = [];
    const headers = { authorization: 'Bearer sesame-sesame' };
    for await (const { data } of readSse({ url: `${url}/graphql` } as never, { query }, { headers })) {
      if (types.length === 0) child.kill('SIGTERM');
      types.push((data?.chat as { __typename: string } | undefined)?.__typename);
    }
    expect(types.at(-1)).toBe('ChatFinished');
    expect(await exit).toEqual([0, null]);
    expect(await checkHealth(port)).toBe(1);
  });
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
