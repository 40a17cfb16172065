import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the types in web/src/gql are what `npm run codegen` makes of the schema and the operations', async () => {
  const command = promisify(execFile)('node_modules/.bin/graphql-codegen', ['--check']);
  await expect(command).resolves.toBeDefined();
});
