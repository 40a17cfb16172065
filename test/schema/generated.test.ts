import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { test } from 'vitest';

test('has the types of our own clients generated from it as it is', async () => {
  await promisify(execFile)('npx', ['graphql-codegen', '--config', 'codegen.ts', '--check']); // Fails on a difference.
});
