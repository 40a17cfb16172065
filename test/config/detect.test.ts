import { describe, expect, test } from 'vitest';
import { detect } from '../../src/config/detect.ts';
import { loadConfig } from '../../src/config/load.ts';
import { createProviders } from '../helpers/create-providers.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { createSettings } from '../helpers/provider-suite.ts';

const nobody: typeof fetch = () => Promise.reject(new Error('nobody listens'));
const look = (environment: Record<string, string>, ask: typeof fetch = nobody) => detect({ environment, fetch: ask });

test('finds nothing in an empty environment, and nothing where a key is empty', async () => {
  expect(await look({})).toEqual({ config: {}, found: [] });
  expect(await look({ OPENAI_API_KEY: '', HOME: '/root', API_KEY: 'k', AWS_ACCESS_KEY_ID: 'k' })).toEqual({
    config: {},
    found: [],
  });
});

test.for([
  ['OPENAI_API_KEY', 'openai', 'https://api.openai.com/v1'],
  ['ANTHROPIC_API_KEY', 'anthropic', 'https://api.anthropic.com/v1'],
  ['GEMINI_API_KEY', 'google', 'https://generativelanguage.googleapis.com/v1beta'],
  ['GOOGLE_API_KEY', 'google', 'https://generativelanguage.googleapis.com/v1beta'],
  ['GROQ_API_KEY', 'groq', 'https://api.groq.com/openai/v1'],
  ['MISTRAL_API_KEY', 'mistral', 'https://api.mistral.ai/v1'],
  ['DEEPSEEK_API_KEY', 'deepseek', 'https://api.deepseek.com/v1'],
  ['OPENROUTER_API_KEY', 'openrouter', 'https://openrouter.ai/api/v1'],
  ['XAI_API_KEY', 'xai', 'https://api.x.ai/v1'],
  ['TOGETHER_API_KEY', 'together', 'https://api.together.xyz/v1'],
] as const)('%s makes the provider %s', async ([name, id, baseUrl]) => {
  const environment = { [name]: 'key-0123456789' };
  const { config, found } = await look(environment);
  expect(found).toEqual([name]);
  expect(JSON.stringify(config)).not.toContain('key-0123456789');
  const loaded = loadConfig({ detected: config, environment });
  expect(loaded.defaults.chat).toBe(id);
  expect(loaded.providers[id]).toMatchObject({ apiKey: 'key-0123456789', baseUrl, type: id });
});

test('the first in order gives the default, whichever order the environment has', async () => {
  const { config, found } = await look({
    XAI_API_KEY: 'x',
    GOOGLE_API_KEY: 'g',
    GEMINI_API_KEY: 'g',
    GROQ_API_KEY: 'q',
  });
  expect(found).toEqual(['GEMINI_API_KEY', 'GROQ_API_KEY', 'XAI_API_KEY']);
  expect(config).toMatchObject({ defaults: { chat: 'google' } });
});

test('every key that is found becomes a provider that can be made', async () => {
  const environment = { ANTHROPIC_API_KEY: 'a-0123', MISTRAL_API_KEY: 'm-0123', PORT: '1' };
  const { config } = await look(environment);
  const { providers } = loadConfig({ detected: config, environment });
  const nowhere = { httpsProxy: 'http://127.0.0.1:9' };
  const made = await createProviders(providers, createSettings({}, nowhere));
  expect(made.map(({ id }) => id)).toEqual(expect.arrayContaining(['local', 'anthropic', 'mistral']));
  await Promise.all(made.map((provider) => provider.close?.()));
});

describe('an Ollama', () => {
  const asked = async (host?: string) => {
    const urls: string[] = [];
    const environment = host === undefined ? {} : { OLLAMA_HOST: host };
    const { config, found } = await look(environment, async (url) => {
      urls.push(String(url));
      return new Response('{"version":"0.9.0"}');
    });
    return { url: urls[0], found, config };
  };

  test('is found at its usual port where it answers', async () => {
    expect(await asked()).toEqual({
      url: 'http://127.0.0.1:11434/api/version',
      found: ['Ollama'],
      config: {
        providers: { ollama: { type: 'ollama', baseUrl: 'http://127.0.0.1:11434/v1' } },
        defaults: { chat: 'ollama' },
      },
    });
  });

  test.for([
    ['0.0.0.0', 'http://127.0.0.1:11434'],
    ['0.0.0.0:8080', 'http://127.0.0.1:8080'],
    ['[::]:8080', 'http://127.0.0.1:8080'],
    [':8080', 'http://127.0.0.1:8080'],
    ['box.lan', 'http://box.lan:11434'],
    ['http://box.lan', 'http://box.lan'],
    ['https://me:secret@box.lan/ollama/', 'https://box.lan/ollama'],
    ['[::1]', 'http://[::1]:11434'],
  ])('is looked for at OLLAMA_HOST=%s', async ([host, url]) => {
    expect(await asked(host)).toMatchObject({ url: `${url}/api/version`, found: ['OLLAMA_HOST'] });
  });

  test('is not there where OLLAMA_HOST is no address', async () => {
    expect(await asked('http://')).toEqual({ url: undefined, found: [], config: {} });
  });

  test('comes behind the keys', async () => {
    const { config, found } = await look({ XAI_API_KEY: 'x' }, async () => new Response('{}'));
    expect(found).toEqual(['XAI_API_KEY', 'Ollama']);
    expect(config).toMatchObject({ defaults: { chat: 'xai' } });
  });

  test('is not waited for where it does not answer', async () => {
    const silent = await startFakeUpstream(() => {});
    expect(await detect({ environment: { OLLAMA_HOST: silent.url } })).toEqual({ config: {}, found: [] });
    expect((await silent.exchange()).url).toBe('/api/version');
    await silent.allClosed();
  });
});
