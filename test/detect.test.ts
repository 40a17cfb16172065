import { expect, test } from 'vitest';
import { runCommand } from './helpers/command.ts';
import { startFakeUpstream } from './helpers/fake-upstream.ts';
import { answerWith, DONE, event } from './helpers/openai-server.ts';
import { configFile, run } from './helpers/server-process.ts';

const KEY = 'sk-0123456789-of-nobody';

/** Nothing that is asked of a vendor leaves the machine: it goes to a proxy that takes no one along. */
async function withoutWorld() {
  const proxy = await startFakeUpstream(({ reply }) => reply({ status: 502 }));
  return { HTTPS_PROXY: proxy.url };
}

/** What Ollama answers where it is asked for its version, its models and a chat. */
function startOllama() {
  return startFakeUpstream((exchange) => {
    if (exchange.url === '/api/version') return exchange.reply({ body: '{"version":"0.9.0"}' });
    if (exchange.url === '/v1/models') return exchange.reply({ body: '{"data":[{"id":"gemma3"},{"id":"phi4"}]}' });
    if (exchange.url === '/api/show') return exchange.reply({ body: '{}' });
    return answerWith(event({ content: 'Hello from Gemma' }, 'stop'), DONE)(exchange);
  });
}

async function ask(url: unknown, query: string) {
  const headers = { 'content-type': 'application/json', accept: 'application/json' };
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: JSON.stringify({ query }) })).json();
}

const CHAT = `mutation { completeChat(input: { messages: [{ role: USER, content: "Hello" }] }) {
  __typename ... on ChatAnswer { text model { id isDefault } } ... on ChatFailed { code message }
} }`;

test('a key makes a provider, which the first line of the log tells by the name of its variable', async () => {
  const environment = { ...(await withoutWorld()), ANTHROPIC_API_KEY: KEY, XAI_API_KEY: `${KEY}-too` };
  const { first, lines, child, exit } = run(['--port', '0'], environment);
  const { url, found, msg } = await first;
  expect(found).toEqual(['ANTHROPIC_API_KEY', 'XAI_API_KEY']);
  expect(msg).toBe(`modelql serves ${url}, with what it found: ANTHROPIC_API_KEY, XAI_API_KEY`);
  const told = [
    await ask(url, '{ providers { id name needsAuth modelsProblem health { status } } models { id isDefault } }'),
    await ask(url, CHAT),
    await (await fetch(`${url}/health`)).text(),
  ];
  const ids = (told[0] as { data: { providers: { id: string }[] } }).data.providers.map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining(['local', 'anthropic', 'xai']));
  expect(JSON.stringify(told[1])).toContain("The default model 'anthropic' is not there");
  child.kill('SIGTERM');
  const { stderr } = await exit;
  for (const text of [JSON.stringify(told), lines.join('\n'), stderr, child.spawnargs.join(' ')]) {
    expect(text).not.toContain('0123456789');
  }
});

test('an Ollama that answers gives the default model, which is listed first', async () => {
  const { url: host } = await startOllama();
  const { url, found } = await run(['--port', '0'], { OLLAMA_HOST: host }).first;
  expect(found).toEqual(['OLLAMA_HOST']);
  expect(await ask(url, CHAT)).toEqual({
    data: {
      completeChat: {
        __typename: 'ChatAnswer',
        text: 'Hello from Gemma',
        model: { id: 'ollama/gemma3', isDefault: true },
      },
    },
  });
  const listed = (await ask(url, '{ models(kind: CHAT) { id } }')) as { data: { models: object[] } };
  expect(listed.data.models[0]).toEqual({ id: 'ollama/gemma3' });
});

test.for<[string, () => string[]]>([
  ['--no-detect', () => ['--no-detect']],
  ['a configuration file', () => ['--config', configFile({})]],
])('nothing is looked for with %s', async ([_with, toArguments]) => {
  const ollama = await startOllama();
  const environment = { OPENAI_API_KEY: KEY, OLLAMA_HOST: ollama.url };
  const { url, found, msg } = await run(['--port', '0', ...toArguments()], environment).first;
  expect([found, msg]).toEqual([undefined, `modelql serves ${url}`]);
  expect(await ask(url, CHAT)).toMatchObject({ data: { completeChat: { model: { id: 'local/eliza' } } } });
  expect(ollama.exchanges).toEqual([]);
});

test('the terminal finds the same', async () => {
  const ollama = await startOllama();
  const environment = { OLLAMA_HOST: ollama.url };
  const { stdout } = await runCommand(['chat', 'Hello'], { environment }).exit;
  expect(stdout).toContain('Hello from Gemma');
  const without = await runCommand(['chat', '--no-detect', 'I need a holiday'], { environment }).exit;
  expect(without.stdout).toContain('holiday');
});
