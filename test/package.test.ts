import { execFile } from 'node:child_process';
import { copyFileSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createClient } from 'graphql-ws';
import { publint } from 'publint';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readSse } from './helpers/clients.ts';
import { BOUNDS, type InstalledPackage, installPackage } from './helpers/installed-package.ts';
import { runProgram } from './helpers/program.ts';
import { NOBODY, run } from './helpers/server-process.ts';

const execute = promisify(execFile);
let installed: InstalledPackage;
let bin: string;

beforeAll(() => {
  installed = installPackage();
  bin = join(installed.folder, 'node_modules/modelql/bin/modelql.js');
});
afterAll(() => installed.remove());

const modelql = async (...args: readonly string[]) => {
  const env = { PATH: process.env.PATH ?? '', OLLAMA_HOST: NOBODY };
  return (await execute(process.execPath, [bin, ...args], { cwd: installed.folder, env })).stdout;
};

describe('the package', () => {
  test('is small', () => {
    expect(statSync(installed.tarball).size).toBeLessThan(BOUNDS.bytes);
    expect(globSync('**/*.*', { cwd: installed.root }).length).toBeLessThanOrEqual(BOUNDS.files);
    expect(installed.packages).toBeLessThanOrEqual(BOUNDS.packages);
  });

  test('has all that it imports among its dependencies', () => {
    const { dependencies } = JSON.parse(readFileSync(join(installed.root, 'package.json'), 'utf8'));
    const files = globSync('{bin,dist}/**/*.{js,d.ts}', { cwd: installed.root });
    const imported = files.flatMap((file) => {
      const source = readFileSync(join(installed.root, file), 'utf8');
      return [...source.matchAll(/^(?:import|export) .*?from '([^'.][^']*)'|import\('([^'.][^']*)'\)/gm)].map(
        ([, one, other]) => /^(@[^/]+\/)?[^/]+/.exec(one ?? other ?? '')?.[0] ?? '',
      );
    });
    const packages = new Set(imported.filter((name) => !isBuiltin(name)));
    expect(packages).toContain('graphql');
    expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
  });

  test('has nothing that publint or attw find', async () => {
    const { messages } = await publint({ pkgDir: installed.root, strict: true });
    expect(messages).toEqual([]);
    // Its types are for imports of ES modules; the schema is a text, and no module.
    const flags = ['--profile', 'esm-only', '--exclude-entrypoints', './schema.graphql', '--format', 'ascii'];
    await execute(resolve('node_modules/.bin/attw'), [installed.tarball, ...flags]); // It ends with 1 where it finds something.
  });
});

describe('where it is installed', () => {
  test('npx finds the command', async () => {
    const { stdout } = await execute('npx', ['modelql', '--version'], { cwd: installed.folder });
    expect(stdout).toBe(`${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`);
  });

  test('the command tells an older Node from one that it runs on', async () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(engines.node).toBe('>=22.19');
    const asIf = (node: string) =>
      `data:text/javascript,Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '${node}' } })`;
    const run = (node: string) => execute(process.execPath, ['--import', asIf(node), bin, '--version']);
    for (const older of ['20.20.2', '22.18.0'])
      await expect(run(older)).rejects.toMatchObject({
        code: 1,
        stderr: expect.stringMatching(`^modelql needs Node 22\\.19 or newer: .* is ${older}\n$`),
      });
    for (const enough of ['22.19.0', '24.0.0']) await run(enough);
  });

  test('the command lists models, chats, and holds an answer to a schema', async () => {
    expect(await modelql('models')).toMatch(/^local\/eliza +chat +default$/m);
    expect(await modelql('chat', 'I need a holiday')).toBe('What would it mean to you if you got a holiday ?\n');
    const schema = join(installed.folder, 'city.schema.json');
    writeFileSync(schema, '{"type":"object","properties":{"city":{"type":"string"}},"required":["city"]}');
    expect(JSON.parse(await modelql('chat', '--model', 'local/script', '--schema', schema, 'A city?'))).toEqual({
      city: expect.any(String),
    });
  });

  test('it serves the API, and the pages as they are packed', async () => {
    const { first, child, exit } = run(['serve', '--port', '0'], {}, { server: bin });
    const { url } = await first;
    for (const page of ['/', '/graphql']) {
      const headers = { accept: 'text/html', 'accept-encoding': 'gzip' };
      const response = await fetch(`${url}${page}`, { headers });
      expect(response.headers.get('content-encoding')).toBe('gzip');
      const [, script = ''] = /<script type="module"[^>]* src="([^"]+)"/.exec(await response.text()) ?? [];
      expect((await fetch(new URL(script, `${url}${page}`))).headers.get('content-type')).toContain('javascript');
    }
    expect(await (await fetch(`${url}/graphql?query={__typename}`)).json()).toEqual({ data: { __typename: 'Query' } });
    child.kill('SIGTERM');
    expect(await exit).toMatchObject({ code: 0, stderr: '' });
  });

  test('it needs no home, and no folder that can be written, but for media', async () => {
    const nowhere = '/proc/nowhere';
    const environment = { HOME: nowhere, TMPDIR: nowhere };
    const { first, child, exit } = run(['serve', '--port', '0'], environment, { server: bin, cwd: '/proc' });
    const { url } = await first;
    const headers = { 'content-type': 'application/json' };
    const query = 'mutation { completeChat(input: { messages: [{ role: USER, content: "hi" }] }) { __typename } }';
    const chat = await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) });
    expect(await chat.json()).toEqual({ data: { completeChat: { __typename: 'ChatAnswer' } } });
    const media = await fetch(`${url}/media`, {
      method: 'POST',
      headers: { 'content-type': 'text/markdown' },
      body: 'hi',
    });
    expect([media.status, await media.json()]).toMatchObject([
      507,
      { errors: [{ message: expect.stringContaining('TMPDIR'), extensions: { code: 'INSUFFICIENT_STORAGE' } }] },
    ]);
    child.kill('SIGTERM');
    expect(await exit).toMatchObject({ code: 0, stderr: '' });
  });

  test('it has types for those who embed it, without skipLibCheck', async () => {
    const folder = installed.beside('@types/node');
    const compilerOptions = { strict: true, noEmit: true, module: 'nodenext', target: 'es2023', types: ['node'] };
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions }));
    writeFileSync(join(folder, 'consumer.ts'), CONSUMER);
    await expect(
      execute(process.execPath, [resolve('node_modules/typescript/bin/tsc'), '-p', folder]),
    ).resolves.toEqual({
      stdout: '',
      stderr: '',
    });
  });
});

const CONSUMER = `
import { createServer } from 'node:http';
import { ConfigError, type ConfigInput, createModelql, type Modelql } from 'modelql';

const config: ConfigInput = { server: { path: '/ai' }, providers: { mine: { type: 'openai', apiKey: '\${KEY}' } } };
const modelql: Modelql = await createModelql({ config });
createServer(modelql.listener).on('upgrade', (...args) => void modelql.upgrade(...args));
const response: Response = await modelql.fetch(new Request('http://localhost/ai/health'));
export const names: (string | undefined)[] = [modelql.schema.getQueryType()?.name, response.statusText];
await modelql.close();
// @ts-expect-error: a path is a text.
await createModelql({ config: { server: { path: 1 } } }).catch((error) => error instanceof ConfigError);
`;

describe('within the server of another', () => {
  const CHAT = `subscription ($input: ChatInput!, $after: Int) {
    chat(input: $input, after: $after) { ... on ChatStarted { seq } ... on ChatDelta { seq text } }
  }`;
  const ALPHABET = 'abcdefghijklmnopqrstuvwxyz';
  type Event = { readonly seq?: number; readonly text?: string };
  type Stream = { readonly results: AsyncIterator<{ data?: unknown }>; cut(): void };

  function overSse(url: string, variables: Record<string, unknown>): Stream {
    const controller = new AbortController();
    const { signal } = controller;
    const results = readSse({ url: `${url}/graphql` }, { query: CHAT, variables }, { signal });
    return { results, cut: () => controller.abort() };
  }

  function overWebSocket(url: string, variables: Record<string, unknown>): Stream {
    const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, retryAttempts: 0 });
    return { results: client.iterate({ query: CHAT, variables }), cut: () => client.terminate() };
  }

  /** The events of a chat, or the first few of them. */
  async function read({ results, cut }: Stream, count = Number.POSITIVE_INFINITY): Promise<readonly Event[]> {
    const events: Event[] = [];
    while (events.length < count) {
      const { done, value } = await results.next();
      if (done) break;
      events.push((value.data as { chat: Event }).chat);
    }
    cut();
    return events;
  }

  test.for([
    ['embed-express.ts', 'express'],
    ['embed-hono.ts', 'hono', '@hono/node-server'],
  ])('%s streams over its port, and a chat that was cut goes on there', async ([example = '', ...packages]) => {
    const folder = installed.beside(...packages);
    copyFileSync(join('examples', example), join(folder, example));
    const program = runProgram(join(folder, example), '0');
    await expect.poll(program.stdout).toMatch(/\n/);
    const url = program.stdout().trim();
    for (const open of [overSse, overWebSocket]) {
      const input = {
        id: crypto.randomUUID(),
        model: 'local/script',
        messages: [{ role: 'USER', content: 'hello' }],
        providerOptions: { local: { script: [{ text: ALPHABET, chunk: 1, delayMs: 20 }] } },
      };
      const begun = await read(open(url, { input }), 6);
      const rest = await read(open(url, { input, after: begun.at(-1)?.seq }));
      expect(begun.length).toBe(6);
      expect(rest.length).toBeGreaterThan(1);
      expect([...begun, ...rest].map(({ text = '' }) => text).join('')).toBe(ALPHABET);
    }
    expect(await (await fetch(new URL('/', url))).text()).toBe('The rest of the site');
    program.stop();
    expect(await program.exit).toBe(0);
    expect(program.stderr()).toBe('');
  });
});
