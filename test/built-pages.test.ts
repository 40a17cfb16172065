import { cpSync, mkdtempSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { run } from './helpers/server-process.ts';

/** With this Node tells on standard error of every process that it starts. */
const TELL = { NODE_DEBUG: 'child_process' };

test('a start with pages that are up to date starts no other process', async () => {
  const { first, child, exit } = run(['--port', '0'], TELL);
  const page = await fetch(String((await first).url));
  expect(page.headers.get('content-type')).toContain('text/html');
  child.kill('SIGTERM');
  expect((await exit).stderr).not.toContain('spawn');
});

test('a start of a checkout builds pages that are older than one of their sources', async () => {
  const root = mkdtempSync(join(tmpdir(), 'modelql-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  for (const path of ['package.json', 'tsconfig.json', 'scripts', 'src', 'web'])
    cpSync(path, join(root, path), { recursive: true, preserveTimestamps: true });
  symlinkSync(resolve('node_modules'), join(root, 'node_modules'));
  const page = join(root, 'web/dist/index.html');
  utimesSync(page, 0, 0);

  const { first, child, exit } = run(['--port', '0'], TELL, { server: join(root, 'src/server.ts') });
  await first;
  child.kill('SIGTERM');
  expect((await exit).stderr).toMatch(/spawnSync[\s\S]*Built in/);
  expect(statSync(page).mtimeMs).toBeGreaterThan(0);
});
