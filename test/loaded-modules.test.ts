import { expect, test } from 'vitest';
import { configFile, run } from './helpers/server-process.ts';

/** Makes a process tell on standard error what it has loaded, as it exits. */
const TELL = `data:text/javascript,${encodeURIComponent(`
  import { registerHooks } from 'node:module';
  const loaded = [];
  registerHooks({ load: (url, context, next) => (loaded.push(url), next(url, context)) });
  process.on('exit', () => process.stderr.write(loaded.join('\\n')));
`)}`;

const PROTOCOLS = /(?<=\/src\/providers\/)([\w-]+)\/(?=reader\.ts$)|(?<=\/node_modules\/)@(smithy|agentjido)\//;
/** OpenTelemetry's, which is more than its API. */
const SDK = /\/node_modules\/@opentelemetry\/(?!api\/)/;
/** What nodes of a cluster need, and nobody else. */
const CLUSTER = /\/src\/cluster\/|\/node_modules\/(@redis|rate-limiter-flexible)\//;
const models = ['m'];
const apiKey = 'key-0123456789';
const chat = 'chat-completions/'; // Sites that are built in answer in it.

test.for<[entries: string, providers: object, ...loaded: string[]]>([
  ['nothing', {}],
  ['a server of the older dialect', { own: { type: 'vllm', models } }],
  ['a server of the newer one', { own: { type: 'vllm', api: 'responses', models } }, 'responses/'],
  ['Anthropic', { own: { type: 'anthropic', apiKey, models } }, 'anthropic/'],
  ['Google', { own: { type: 'google', apiKey, models } }, 'google/'],
  ['Bedrock', { own: { type: 'bedrock', region: 'us-east-1', apiKey, models } }, '@smithy/', 'bedrock/'],
  ['OpenAI and its models by name', { own: { type: 'openai', apiKey, models } }, 'responses/'],
  ['one that is off', { own: { type: 'anthropic', enabled: false, models } }],
])('with %s no protocol is loaded but its own', async ([, providers, ...loaded]) => {
  const config = configFile({ providers });
  const { first, child, exit } = run(['--port', '0', '--config', config], {}, { flags: ['--import', TELL] });
  await first;
  child.kill('SIGTERM');
  const { stderr } = await exit;
  expect(stderr).toContain('/src/app.ts');
  expect(stderr).not.toMatch(SDK);
  expect(stderr).not.toContain('/node_modules/prom-client/'); // For metrics alone.
  expect(stderr).not.toMatch(CLUSTER);
  const found = stderr.split('\n').flatMap((url) => PROTOCOLS.exec(url)?.[0] ?? []);
  expect([...new Set(found)].toSorted()).toEqual([chat, ...loaded].toSorted());
});

test.for([
  ['asks for traces', {}, true],
  ['asks for traces that the environment has switched off', { OTEL_SDK_DISABLED: 'true' }, false],
  ['asks for traces that are exported to nowhere', { OTEL_TRACES_EXPORTER: 'none' }, false],
] as const)('with a configuration that %s the SDK is loaded: %s %s', async ([, environment, isLoaded]) => {
  const config = configFile({ telemetry: { otlp: { endpoint: 'http://127.0.0.1:9/v1/traces' } } });
  const { first, child, exit } = run(['--port', '0', '--config', config], environment, { flags: ['--import', TELL] });
  await first;
  child.kill('SIGTERM');
  expect(SDK.test((await exit).stderr)).toBe(isLoaded);
});
