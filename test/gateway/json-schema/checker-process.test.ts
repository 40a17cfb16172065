import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { createCheckerProcess } from '../../../src/gateway/json-schema/checker-process.ts';

/** One that runs this program. */
function useChecker(program: string) {
  const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
  const file = join(folder, 'checker.mjs');
  writeFileSync(file, program);
  const checker = createCheckerProcess(pathToFileURL(file));
  onTestFinished(() => {
    checker.close();
    rmSync(folder, { recursive: true });
  });
  return checker;
}

const deadlineMs = 1000;
const CHECK = { schema: '{}', deadlineMs };
const answering = (body: string) => `process.on('message', ({ schema }) => { ${body} }); process.send('ready');`;

test('a process that breaks is an error for whose check it had, and another answers the next', async () => {
  const checker = useChecker(answering(`if (schema === 'bad') process.exit(3); process.send([schema]);`));
  const checks = ['a', 'bad', 'b', 'bad'].map((schema) => checker.run({ schema, deadlineMs }));
  expect(await Promise.allSettled(checks)).toMatchObject([
    { value: ['a'] },
    { reason: { message: expect.stringContaining('checker.mjs ended with code 3') } },
    { value: ['b'] },
    { reason: { message: expect.stringContaining('checker.mjs ended with code 3') } },
  ]);
});

test('a process that cannot be loaded is an error for each check, and nobody waits for it', async () => {
  const checker = useChecker(`throw new Error('broken');`);
  for (let time = 0; time < 2; time++) await expect(checker.run(CHECK)).rejects.toThrow('ended with code 1');
});

test('a process that nothing can interrupt is killed', async () => {
  const checker = useChecker(answering(`if (schema === 'slow') for (;;); process.send([schema]);`));
  const checks = ['slow', 'a'].map((schema) => checker.run({ schema, deadlineMs }));
  expect(await Promise.all(checks)).toEqual([['it could not be checked in time'], ['a']]);
});

test('a process that dies between two checks is missed by none', async () => {
  const checker = useChecker(answering(`process.send([String(process.pid)]);`));
  const [pid] = await checker.run(CHECK);
  process.kill(Number(pid), 'SIGKILL');
  await expect.poll(() => isAlive(Number(pid))).toBe(false);
  const [other] = await checker.run(CHECK);
  expect(other).toMatch(/^\d+$/);
  expect(other).not.toBe(pid);
});

test('a process sees nothing of the environment', async () => {
  const checker = useChecker(answering(`process.send(Object.keys(process.env));`));
  expect(await checker.run(CHECK)).toEqual(expect.not.arrayContaining(['PATH', 'HOME']));
});

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false; // ESRCH
  }
}
