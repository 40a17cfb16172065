import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runCommand } from '../helpers/command.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { startServer } from '../helpers/server.ts';

test('lists the models, the defaults first', async () => {
  const { code, stdout } = await runCommand(['models']).exit;
  expect(code).toBe(0);
  const lines = stdout.split('\n');
  expect(lines[0]).toMatch(/^local\/eliza +chat +default$/);
  expect(lines).toContainEqual(expect.stringMatching(/^chatgptfree\/\S+ +chat +also gpt-4o-mini, said not to work$/));
});

test('lists the models with --json, one a line', async () => {
  const { stdout } = await runCommand(['models', '--json']).exit;
  const models = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(models[0]).toMatchObject({ id: 'local/eliza', kind: 'CHAT', isDefault: true });
});

test('lists the models that an upstream lists, right after the start of a server of its own', async () => {
  const upstream = await startFakeUpstream(({ reply }) => reply({ body: '{ "data": [{ "id": "tiny" }] }' }));
  const { folder } = runCommand(['--version']);
  const file = join(folder, 'config.json');
  writeFileSync(file, JSON.stringify({ providers: { near: { type: 'openai-compatible', baseUrl: upstream.url } } }));
  expect((await runCommand(['models', '--config', file]).exit).stdout).toMatch(/^near\/tiny +chat$/m);
});

describe('under a `server.path`', () => {
  const config = { server: { path: '/tools/ai' } };

  test.for(['', '/', '/graphql'])('a running server is found at its path with "%s"', async (end) => {
    const { url } = await startServer({ config });
    const { code, stdout } = await runCommand(['models', '--url', new URL(`/tools/ai${end}`, url).href]).exit;
    expect([code, stdout]).toEqual([0, expect.stringMatching(/^local\/eliza /)]);
  });

  test('a server of its own is found too, and the first line of the log names it', async () => {
    const { folder } = runCommand(['--version']);
    const file = join(folder, 'config.json');
    writeFileSync(file, JSON.stringify(config));
    expect((await runCommand(['models', '--config', file]).exit).stdout).toMatch(/^local\/eliza /);
    const server = runCommand(['serve', '--port', '0', '--config', file]);
    await server.says('modelql serves http://127.0.0.1:');
    expect(JSON.parse(server.stdout.split('\n')[0] ?? '')).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/tools\/ai$/),
    });
  });
});

test.for([[['serve', '--port', '0']], [['--port', '0']]])('serves with %s', async ([args = []]) => {
  const server = runCommand(args);
  await server.says('modelql serves http://127.0.0.1:');
  server.child.kill('SIGTERM');
  expect(await server.exit).toMatchObject({ code: 0, stderr: '' });
});

test('tells each command that there is, and how each is used', async () => {
  const helps = [['--help'], ['chat', '--help'], ['models', '--help'], ['check', '--help'], ['serve', '--help']];
  const told = await Promise.all(helps.map((args) => runCommand(args).exit));
  expect(told.map(({ code }) => code)).toEqual([0, 0, 0, 0, 0]);
  const options = [
    /chat.*models.*check.*serve/s,
    /--attach.*--schema.*--effort.*--image.*Ctrl-C/s,
    /--json/,
    /--chat.*--timeout/s,
    /--log-level/,
  ];
  for (const [at, option] of options.entries()) expect(told[at]?.stdout).toMatch(option);
});
