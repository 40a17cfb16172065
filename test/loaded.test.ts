import { once } from 'node:events';
import { expect, test } from 'vitest';
import { configFile, run } from './helpers/server-process.ts';

/** Writes to standard error what is loaded: a line each. */
const TELL = `data:text/javascript,${encodeURIComponent(`
import { registerHooks } from 'node:module';
registerHooks({
  load(url, context, next) {
    process.stderr.write(url + '\\n');
    return next(url, context);
  },
});`)}`;

/** What a server has loaded that serves, with these providers. */
async function loadedWith(providers: object): Promise<readonly string[]> {
  const args = ['--port', '0', '--config', configFile({ providers })];
  const { child, first, exit } = run(args, {}, { flags: ['--import', TELL] });
  await first;
  child.kill('SIGTERM');
  await once(child, 'exit');
  return (await exit).stderr.split('\n');
}

test('nothing is loaded of a protocol that no provider speaks', async () => {
  // What can be configured is known of every one.
  const isOf = (url: string) =>
    /@smithy|providers\/(bedrock|anthropic|google|responses)\/(?!options|families)/.test(url);
  expect((await loadedWith({})).filter(isOf)).toEqual([]);
  const bedrock = { type: 'bedrock', region: 'us-east-1', apiKey: 'key', models: ['amazon.nova-lite-v1:0'] };
  const loaded = (await loadedWith({ bedrock })).filter(isOf);
  expect(loaded).toContainEqual(expect.stringContaining('@smithy/signature-v4'));
  expect(loaded.filter((url) => url.includes('anthropic'))).toEqual([]);
});
