import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { runCommand } from './helpers/command.ts';
import { configFile, run } from './helpers/server-process.ts';

/** A server with no pages, whose log is as `log` says; where `file` is, beside its configuration. */
function serve(log: object) {
  const config = configFile({ log, server: { playground: false, graphiql: false } });
  return run(['--port', '0', '--config', config]);
}

/** A file in a folder that is gone after the test. */
const newFile = () => join(dirname(configFile({})), 'logs', 'modelql.log');

const read = (file: string): readonly Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

/** Waits until there is such a file with such a line, and returns it. */
async function lineOf(file: string, msg: string | RegExp) {
  const find = () => {
    try {
      return read(file).find((line) => String(line.msg).match(msg));
    } catch {
      return undefined; // It is not there yet.
    }
  };
  await expect.poll(find, { timeout: 15_000 }).toBeDefined();
  return find();
}

const ask = (url: unknown, requestId: string) =>
  fetch(`${url}/graphql?query={__typename}`, { headers: { 'x-request-id': requestId } }).then((answer) =>
    answer.text(),
  );

const idsIn = (file: string) =>
  read(file).flatMap(({ msg, requestId }) => (msg === 'operation' ? [String(requestId)] : []));

test('goes to a file, and to a new one when the old was moved away and SIGUSR2 came', async () => {
  const file = newFile();
  mkdirSync(dirname(file));
  const { child, exit } = serve({ file });
  const url = (await lineOf(file, /^modelql serves/))?.url;
  expect(statSync(file).mode & 0o137).toBe(0); // At most 0640.
  await ask(url, 'before');

  const old = `${file}.1`;
  renameSync(file, old);
  await ask(url, 'between');
  child.kill('SIGUSR2');
  await expect.poll(() => statSync(file, { throwIfNoEntry: false })).toBeDefined();
  await ask(url, 'after');
  expect([idsIn(old), idsIn(file)]).toEqual([['before', 'between'], ['after']]);

  child.kill('SIGTERM');
  expect(await exit).toEqual({ code: 0, stdout: '', stderr: '' });
  expect(read(file).at(-1)?.msg).toBe('stopped');
});

test('stays in the old file where no new one can be opened, says so, and can try again', async () => {
  const file = newFile();
  mkdirSync(dirname(file));
  const { child, exit } = serve({ file });
  const url = (await lineOf(file, /^modelql serves/))?.url;
  const moved = `${dirname(file)}-moved`;
  renameSync(dirname(file), moved);
  let told = '';
  child.stderr?.on('data', (text) => {
    told += text;
  });
  child.kill('SIGUSR2');
  await expect.poll(() => told).toMatch(/^modelql: log\.file: ENOENT.*\n$/);
  await ask(url, 'in the old one'.replaceAll(' ', '-'));
  expect(idsIn(join(moved, 'modelql.log'))).toEqual(['in-the-old-one']);

  mkdirSync(dirname(file));
  child.kill('SIGUSR2');
  await expect.poll(() => statSync(file, { throwIfNoEntry: false })).toBeDefined();
  await ask(url, 'in-the-new-one');
  expect(idsIn(file)).toEqual(['in-the-new-one']);
  child.kill('SIGTERM');
  expect((await exit).code).toBe(0);
});

test.runIf(existsSync('/dev/full'))(
  'a disk that is full costs no operation, and what waits is written later',
  async () => {
    const file = newFile();
    const real = `${file}.real`;
    mkdirSync(dirname(file));
    const link = (target: string) => {
      rmSync(file, { force: true });
      symlinkSync(target, file);
    };
    link(real);
    const { child, exit } = serve({ file });
    const url = (await lineOf(file, /^modelql serves/))?.url;
    let told = '';
    child.stderr?.on('data', (text) => {
      told += text;
    });
    link('/dev/full');
    child.kill('SIGUSR2');
    // Whether the signal has come yet is seen by the first line that cannot be written.
    await expect
      .poll(async () => {
        await ask(url, 'waits');
        return told;
      })
      .toMatch(/^modelql: log\.file: ENOSPC.*\n$/);
    expect(await ask(url, 'waits-too')).toContain('"data"');
    link(real);
    child.kill('SIGUSR2');
    await expect
      .poll(async () => {
        await ask(url, 'after');
        return idsIn(real);
      })
      .toContain('after');
    expect(idsIn(real)).toEqual(expect.arrayContaining(['waits', 'waits-too']));
    expect(told.trimEnd().split('\n').length).toBeLessThanOrEqual(2); // Not once a line.
    child.kill('SIGTERM');
    expect((await exit).code).toBe(0);
  },
);

test('a file that cannot be opened ends the start', async () => {
  const { code, stderr } = await serve({ file: newFile() }).exit;
  expect([code, stderr]).toEqual([1, expect.stringMatching(/^modelql cannot start:\n {2}log\.file: ENOENT.*\n$/)]);
});

test('is text for people where that is wanted, without colours in a pipe', async () => {
  const { child, lines, exit } = serve({ format: 'pretty' });
  await expect.poll(() => lines.join('\n'), { timeout: 15_000 }).toContain('modelql serves http');
  child.kill('SIGTERM');
  const { stdout, code } = await exit;
  expect(code).toBe(0);
  expect(stdout.split('\n')).toEqual([
    expect.stringMatching(
      /^\[\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}\] INFO: modelql serves http:\S+ \{"url":"http:[^"]+"\}$/,
    ),
    expect.stringMatching(/\] INFO: stopping \{"signal":"SIGTERM"\}$/),
    expect.stringMatching(/\] INFO: stopped$/), // Not lost, though the process ends at once.
  ]);
});

test('is in colour at a terminal, unless NO_COLOR is set', async () => {
  const config = configFile({ log: { format: 'pretty' }, server: { playground: false, graphiql: false } });
  const start = (environment: Record<string, string>) =>
    runCommand(['serve', '--port', '0', '--config', config], { terminal: true, environment });
  const servers = [start({ TERM: 'xterm-256color' }), start({ TERM: 'xterm-256color', NO_COLOR: '1' })];
  const firsts = await Promise.all(
    servers.map(async (server) => {
      await expect.poll(() => stripVTControlCharacters(server.stdout), { timeout: 15_000 }).toContain('INFO: modelql');
      return server.stdout;
    }),
  );
  expect(firsts.map((first) => first !== stripVTControlCharacters(first))).toEqual([true, false]);
});

test('docs/logging.md rotates the file that it configures, by a signal that opens it anew', () => {
  const page = readFileSync(join(import.meta.dirname, '../docs/logging.md'), 'utf8');
  const [, configured = ''] = /```json\n(.*)\n```/.exec(page) ?? [];
  const [, rotated, directives = ''] = /```text\n(\S+) \{\n(.*?)\n\}\n```/s.exec(page) ?? [];
  expect(JSON.parse(configured).log.file).toBe(rotated);
  expect(directives.split('\n').map((line) => line.trim())).toContain('nocreate'); // As the first test moves it.
  expect(directives).toContain('--signal=SIGUSR2');
});
