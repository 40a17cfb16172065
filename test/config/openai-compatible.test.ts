import { describe, expect, onTestFinished, test } from 'vitest';
import { loadConfig } from '../../src/config/load.ts';
import { Config } from '../../src/config/schema.ts';
import { PRESETS } from '../../src/providers/openai-compatible/presets.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { problemsOf } from '../helpers/config.ts';
import { createProviders } from '../helpers/create-providers.ts';
import { createSettings } from '../helpers/provider-suite.ts';

const MODELS = { models: ['one'] };
const ACME = { type: 'openai-compatible', baseUrl: 'http://127.0.0.1:1/v1', ...MODELS };

async function create(providers: object): Promise<readonly Provider[]> {
  const created = await createProviders(Config.parse({ providers }).providers, createSettings());
  onTestFinished(async () => {
    await Promise.all(created.map((provider) => provider.close?.()));
  });
  return created;
}

/** The providers that are there without a configuration. */
const BUILT_IN = (await createProviders(Config.parse({}).providers, createSettings())).map(({ id }) => id);

describe('providers', () => {
  test('are the built-in ones, and then the others in the order of the file', async () => {
    const created = await create({ zeta: ACME, aichats: { enabled: false }, alpha: ACME, local: {}, 'a-1': ACME });
    expect(created.map(({ id }) => id)).toEqual([...BUILT_IN.filter((id) => id !== 'aichats'), 'zeta', 'alpha', 'a-1']);
  });

  test('may be several of one type', async () => {
    const created = await create({
      one: { type: 'ollama', ...MODELS },
      two: { type: 'ollama', name: 'Two', ...MODELS },
    });
    expect(created.slice(-2)).toMatchObject([
      { id: 'one', name: 'Ollama' },
      { id: 'two', name: 'Two' },
    ]);
  });

  test('that are not enabled are left out, and need no key', async () => {
    expect(await create({ acme: { ...ACME, enabled: false }, ours: { type: 'openai', enabled: false } })).toHaveLength(
      BUILT_IN.length,
    );
  });

  test('have the limits of every provider', async () => {
    expect(Config.parse({ providers: { acme: ACME } }).providers.acme).toMatchObject({ maxConcurrent: null });
  });
});

describe('a preset', () => {
  test.for(Object.entries(PRESETS))('%s is enough for an entry', async ([type, preset]) => {
    const key = preset.needsKey ? { apiKey: 'key-0123' } : {};
    const [provider] = (await create({ mine: { type, ...MODELS, ...key } })).slice(-1);
    expect(provider).toMatchObject({
      id: 'mine',
      name: preset.name,
      url: preset.url,
      needsAuth: preset.needsKey,
      supportsStream: true,
    });
    expect(new URL(preset.baseUrl).href).toBe(preset.baseUrl);
  });

  test('has no say where the entry has one', async () => {
    const entry = { type: 'openai', apiKey: 'key-0123', baseUrl: 'http://127.0.0.1:1/', maxTokensField: 'max_tokens' };
    expect(Config.parse({ providers: { mine: { ...entry, streamUsage: false } } }).providers.mine).toMatchObject({
      baseUrl: 'http://127.0.0.1:1',
      maxTokensField: 'max_tokens',
      streamUsage: false,
    });
  });

  test('has the switches of its server', async () => {
    const { providers } = Config.parse({
      providers: { o: { type: 'openai', apiKey: 'key-0123' }, m: { type: 'mistral', apiKey: 'key-0123' }, l: ACME },
    });
    expect(providers).toMatchObject({
      o: { maxTokensField: 'max_completion_tokens', streamUsage: true },
      m: { maxTokensField: 'max_tokens', streamUsage: false },
      l: { maxTokensField: 'max_tokens', streamUsage: true },
    });
  });
});

describe('a problem of an entry names its path', () => {
  const key = { type: 'openai', apiKey: 'key-0123' };
  test.for<[string, object, RegExp]>([
    ['no type', { acme: {} }, /^providers\.acme\.type: expected one of openai-compatible, openai, .*lmstudio/],
    ['an unknown type', { acme: { type: 'acme' } }, /^providers\.acme\.type: expected one of openai-compatible/],
    ['an entry that is no object', { acme: null }, /^providers\.acme: .*expected object/],
    ['an id in upper case', { Acme: ACME }, /^providers\.Acme: expected an id of lower case letters, digits and dash/],
    ['an id with a slash', { 'a/b': ACME }, /^providers\.a\/b: expected an id/],
    ['an empty id', { '': ACME }, /^providers\.: expected an id/],
    ['a built-in id', { websim: ACME }, /^providers\.websim\.(type|models): not a known setting$/],
    ['no URL', { acme: { type: 'openai-compatible' } }, /^providers\.acme\.baseUrl: expected the URL of the server$/],
    ['a bad URL', { acme: { ...ACME, baseUrl: 'acme' } }, /^providers\.acme\.baseUrl: expected an http\(s\) URL$/],
    ['no key', { acme: { type: 'openai' } }, /^providers\.acme\.apiKey: expected a key: OpenAI needs one$/],
    [
      'an empty key',
      { acme: { type: 'openai', apiKey: '' } },
      /^providers\.acme\.apiKey: expected a key, got an empty/,
    ],
    ['a key with a line break', { acme: { ...ACME, apiKey: 'a\nb' } }, /^providers\.acme\.apiKey: expected a header/],
    ['an unknown option', { acme: { ...ACME, url: 'x' } }, /^providers\.acme\.url: not a known setting$/],
    [
      'models of another kind',
      { acme: { ...ACME, models: 'all' } },
      /^providers\.acme\.models: expected "discover", or/,
    ],
    ['no models', { acme: { ...ACME, models: [] } }, /^providers\.acme\.models: expected at least one model$/],
    [
      'a model of another kind',
      { acme: { ...ACME, models: [5] } },
      /^providers\.acme\.models\.0: expected the name of/,
    ],
    ['a bad kind', { acme: { ...ACME, models: ['one', { name: 'x', kind: 'chat' }] } }, /^providers\.acme\.models\.1/],
    ['a model without a name', { acme: { ...ACME, models: [{ kind: 'CHAT' }] } }, /^providers\.acme\.models\.0/],
    ['a model twice', { acme: { ...ACME, models: ['a', 'b', 'a'] } }, /^providers\.acme\.models: .* got 'a' again$/],
    ['a default of none', { acme: { ...ACME, defaultModel: 'two' } }, /^providers\.acme\.defaultModel: .* got 'two'$/],
    [
      'a default of a kind',
      { a: { ...ACME, defaultImageModel: 'one' } },
      /^providers\.a\.defaultImageModel: .* IMAGE,/,
    ],
    ['a bad size', { acme: { ...ACME, sizes: ['1024'] } }, /^providers\.acme\.sizes\.0: expected a size in pixels/],
    [
      'an unknown option of a chat',
      { acme: { ...ACME, models: [{ name: 'a', capabilities: { options: ['LUCK'] } }] } },
      /^providers\.acme\.models\.0/,
    ],
    [
      'an unknown capability',
      { acme: { ...ACME, models: [{ name: 'a', capabilities: { swims: true } }] } },
      /^providers\.acme\.models\.0/,
    ],
    ['a bad ratio', { acme: { ...key, sizes: ['0:1'] } }, /^providers\.acme\.sizes\.0: expected a size in pixels/],
    ['a bad path', { acme: { ...key, imagesPath: 'images' } }, /^providers\.acme\.imagesPath: expected a path/],
    ['a bad field', { acme: { ...key, maxTokensField: 'tokens' } }, /^providers\.acme\.maxTokensField: /],
    ['no interval', { acme: { ...key, discoverIntervalMs: 0 } }, /^providers\.acme\.discoverIntervalMs: /],
  ])('%s', ([_title, providers, expected]) => {
    const problems = problemsOf({ providers });
    expect(problems[0]).toMatch(expected);
    expect(new Set(problems.map((problem) => problem.split(':')[0])).size).toBe(problems.length);
  });

  test('beside every other problem', async () => {
    const other = { type: 'groq', models: [5] };
    const problems = problemsOf({ providers: { Acme: ACME, acme: {}, other }, limits: { x: 1 } });
    expect(problems.map((problem) => problem.split(':')[0]).toSorted()).toEqual([
      'limits.x',
      'providers.Acme',
      'providers.acme.type',
      'providers.other.apiKey',
      'providers.other.models.0',
    ]);
  });

  test('without the key', async () => {
    expect(problemsOf({ providers: { acme: { ...ACME, apiKey: 'top-secret\n' } } }).join()).not.toContain('top-secret');
  });
});

test('no configuration has no other providers', async () => {
  expect(Object.keys(loadConfig({ environment: {} }).providers)).toEqual(BUILT_IN);
});
