import { describe, expect, test } from 'vitest';
import { toListed } from '../../src/gateway/model.ts';
import type { ModelFilter } from '../../src/gateway/model-filter.ts';
import { createRegistry } from '../../src/gateway/registry.ts';
import { mergeCapabilities, TEXT_ONLY } from '../../src/providers/capabilities.ts';
import type { Provider, ProviderModel } from '../../src/providers/provider.ts';
import { createTestGateway, scriptedProvider } from '../helpers/scripted-provider.ts';

function provider(id: string, models: readonly ProviderModel[], more: Partial<Provider> = {}): Provider {
  const defaultModel = models.find(({ kind }) => kind === 'CHAT')?.name ?? null;
  const defaultImageModel = models.find(({ kind }) => kind === 'IMAGE')?.name ?? null;
  return scriptedProvider(async function* () {}, { id, models, defaultModel, defaultImageModel, ...more });
}

const registry = createRegistry({
  providers: [
    provider('a', [
      { name: 'small', kind: 'CHAT', aliases: ['tiny'] },
      { name: 'org/large', kind: 'CHAT' },
    ]),
    provider('b', [
      { name: 'small', kind: 'CHAT' },
      { name: 'painter', kind: 'IMAGE' },
    ]),
    provider('c', [{ name: 'rare', kind: 'CHAT' }], { working: false }),
    provider('d', [{ name: 'sketch', kind: 'IMAGE' }]),
  ],
  defaults: { chat: 'b/small', image: 'd/sketch' },
  aliases: { fast: ['c/rare', 'gone/model', 'a/small'], drawn: ['d/sketch', 'b/painter'], constructor: ['a/small'] },
});

const choose = (model?: string | null, provider?: string | null, kind: 'CHAT' | 'IMAGE' = 'CHAT') =>
  registry.choose({ model, provider }, kind)[0].id;
const chooseAll = (model?: string | null, provider?: string | null, kind: 'CHAT' | 'IMAGE' = 'CHAT') =>
  registry.choose({ model, provider }, kind).map(({ id }) => id);

test('lists the defaults first, then the models by provider', () => {
  expect(registry.models().map(({ id }) => id)).toEqual([
    'b/small',
    'd/sketch',
    'a/small',
    'a/org/large',
    'b/painter',
    'c/rare',
  ]);
  expect(
    registry
      .models()
      .filter(({ isDefault }) => isDefault)
      .map(({ id }) => id),
  ).toEqual(['b/small', 'd/sketch']);
});

test('knows a model as it was listed when its provider does not list it any more', () => {
  let models: readonly ProviderModel[] = [{ name: 'new', kind: 'CHAT', aliases: ['newest'] }];
  const changing = scriptedProvider(async function* () {}, {
    get models() {
      return models;
    },
  });
  const gateway = createTestGateway([changing]);
  const [model] = gateway.choose({ model: 'new' }, 'CHAT');
  const listed = JSON.stringify(toListed(model));
  models = [];
  expect(gateway.model('scripted/new')).toBeUndefined();
  expect(gateway.modelOf(JSON.parse(listed))).toEqual(model);
});

test('filters models by kind, provider and claim', () => {
  expect(registry.models({ kind: 'IMAGE' }).map(({ id }) => id)).toEqual(['d/sketch', 'b/painter']);
  expect(registry.models({ provider: 'a' })).toHaveLength(2);
  expect(registry.models({ working: false }).map(({ id }) => id)).toEqual(['c/rare']);
  expect(registry.models({ provider: 'none' })).toEqual([]);
});

test('knows of a model what its provider does, and that an image model gets a prompt and nothing else', () => {
  const capabilities = { options: [], inputs: ['TEXT', 'IMAGE'], tools: true, imagesPerCall: 4 } as const;
  const known = createRegistry({
    providers: [
      provider('a', [
        { name: 'writer', kind: 'CHAT', capabilities },
        { name: 'painter', kind: 'IMAGE', capabilities },
        { name: 'other', kind: 'CHAT' },
      ]),
    ],
    defaults: { chat: 'a/writer', image: 'a/painter' },
    aliases: {},
  });
  expect(known.model('a/writer')?.capabilities).toEqual({ ...mergeCapabilities(), ...capabilities });
  expect(known.model('a/painter')?.capabilities).toMatchObject({
    ...{ options: [], inputs: ['TEXT'], outputs: ['IMAGE'], tools: false, structuredOutput: false },
    ...{ contextWindow: null, imagesPerCall: 4 },
  });
  expect(new Set(Object.values(known.model('a/other')?.capabilities ?? {}))).toEqual(new Set([null]));
});

describe('a filter by capabilities', () => {
  const { models } = createRegistry({
    providers: [
      provider('a', [
        {
          name: 'able',
          kind: 'CHAT',
          capabilities: { inputs: ['TEXT', 'IMAGE'], tools: true, structuredOutput: true },
        },
        { name: 'plain', kind: 'CHAT', capabilities: TEXT_ONLY },
        { name: 'unknown', kind: 'CHAT' },
      ]),
    ],
    defaults: { chat: 'a/able', image: '' },
    aliases: {},
  });

  test.for<[ModelFilter, string]>([
    [{}, 'able plain unknown'],
    [{ inputs: null, tools: null, structuredOutput: null }, 'able plain unknown'],
    [{ inputs: [] }, 'able plain unknown'],
    [{ inputs: ['TEXT'] }, 'able plain'],
    [{ inputs: ['TEXT', 'IMAGE'] }, 'able'],
    [{ inputs: ['IMAGE', 'AUDIO'] }, ''],
    [{ tools: true }, 'able'],
    [{ tools: false }, 'plain unknown'],
    [{ structuredOutput: true }, 'able'],
    [{ structuredOutput: false }, 'plain unknown'],
    [{ inputs: ['TEXT'], tools: false }, 'plain'],
  ])('takes what is not known as not: %j gives %j', ([filter, names]) => {
    const found = models(filter).map(({ name }) => name);
    expect(found.join(' ')).toBe(names);
  });
});

describe('a choice', () => {
  test('of nothing is the default of its kind', () => {
    expect(choose()).toBe('b/small');
    expect(choose(null, null, 'IMAGE')).toBe('d/sketch');
  });

  test('of a provider is its own default, in a chat the image model where it has no other', () => {
    expect(choose(null, 'a')).toBe('a/small');
    expect(choose(null, 'b', 'IMAGE')).toBe('b/painter');
    expect(choose(null, 'd')).toBe('d/sketch');
  });

  test('of an id is that model, slashes and all', () => {
    expect(choose('a/org/large')).toBe('a/org/large');
    expect(choose('c/rare')).toBe('c/rare');
  });

  test('of a bare name or an alias is the first provider that has it', () => {
    expect(choose('org/large')).toBe('a/org/large');
    expect(choose('tiny')).toBe('a/small');
    expect(choose('small', 'b')).toBe('b/small');
  });

  test('of a bare name reaches a provider that is not working only when that is named', () => {
    expect(() => choose('rare')).toThrow(/There is no model 'rare'.*'c\/rare'/);
    expect(choose('rare', 'c')).toBe('c/rare');
  });

  test('of a name that several providers have is all of them, in order', () => {
    expect(chooseAll('small')).toEqual(['b/small', 'a/small']);
    expect(chooseAll('small', 'a')).toEqual(['a/small']);
  });

  test('of a configured alias is its models in its order, as far as there are such', () => {
    expect(chooseAll('fast')).toEqual(['c/rare', 'a/small']);
    expect(chooseAll('fast', 'a')).toEqual(['a/small']);
    expect(chooseAll('drawn', null, 'IMAGE')).toEqual(['d/sketch', 'b/painter']);
    expect(chooseAll('constructor')).toEqual(['a/small']);
    expect(() => chooseAll('toString')).toThrow(/There is no model 'toString'/);
  });

  test('of an alias with its provider in front of it is that model', () => {
    expect(choose('a/tiny')).toBe('a/small');
  });

  test('of an image model is fine in a chat', () => {
    expect(choose('painter')).toBe('b/painter');
  });
});

describe('a provider that is the default', () => {
  const ofProviders = (aliases: Record<string, readonly string[]> = {}) =>
    createRegistry({
      providers: [
        provider('a', [
          { name: 'small', kind: 'CHAT' },
          { name: 'b', kind: 'CHAT' },
        ]),
        provider('b', [
          { name: 'large', kind: 'CHAT' },
          { name: 'painter', kind: 'IMAGE' },
        ]),
      ],
      defaults: { chat: 'b', image: 'b' },
      aliases,
    });

  test('stands for its own defaults, which are listed first', () => {
    const registry = ofProviders();
    expect(registry.choose({}, 'CHAT').map(({ id }) => id)).toEqual(['b/large']);
    expect(registry.choose({}, 'IMAGE').map(({ id }) => id)).toEqual(['b/painter']);
    const defaults = registry.models().filter(({ isDefault }) => isDefault);
    expect(defaults.map(({ id }) => id)).toEqual(['b/large', 'b/painter']);
    expect(registry.models().slice(0, 2)).toEqual(defaults);
  });

  test('comes behind an alias of that name', () => {
    const registry = ofProviders({ b: ['a/small'] });
    expect(registry.choose({}, 'CHAT').map(({ id }) => id)).toEqual(['a/small']);
    expect(registry.models()[0]?.id).toBe('a/small');
  });

  test('is not meant by a request for a model of that name', () => {
    expect(
      ofProviders()
        .choose({ model: 'b' }, 'CHAT')
        .map(({ id }) => id),
    ).toEqual(['a/b']);
  });
});

describe('a mistake', () => {
  test.for([
    ['a name that nobody has', () => choose('smal'), 'MODEL_NOT_FOUND', /'b\/small'/],
    [
      'a name that this provider does not have',
      () => choose('painter', 'a'),
      'MODEL_NOT_FOUND',
      /'a' does not offer.*'a\/small'.*'a\/org\/large'/,
    ],
    ['an id of another provider', () => choose('b/painter', 'a'), 'MODEL_NOT_FOUND', /'a' does not offer/],
    ['a provider that is not there', () => choose(null, 'e'), 'PROVIDER_NOT_FOUND', /'a', 'b', 'c'/],
    [
      'a picture from a provider that makes none',
      () => choose(null, 'a', 'IMAGE'),
      'MODEL_NOT_FOUND',
      /'a' has no default image model/,
    ],
    ['a picture from a chat model', () => choose('a/small', null, 'IMAGE'), 'BAD_USER_INPUT', /chat model/],
  ] as const)('is %s', ([, act, code, message]) => {
    expect(act).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(message),
        extensions: expect.objectContaining({ code }),
      }),
    );
  });
});

describe('a server that lists its models', () => {
  const asked = { refreshModels: async () => {} };
  const late = createRegistry({
    providers: [
      provider('fixed', [{ name: 'small', kind: 'CHAT' }]),
      provider('ollama', [], { ...asked, modelsProblem: 'Ollama could not be reached' }),
      provider('studio', [{ name: 'writer', kind: 'CHAT' }], { ...asked, modelsProblem: null }),
      provider('off', [], { ...asked, working: false }),
      provider('acme', [], { ...asked, defaultModel: 'one', modelsProblem: 'Acme has not listed its models yet' }),
    ],
    defaults: { chat: 'ollama/llama3.2', image: 'gone/painter' },
    aliases: { fast: ['ollama/llama3.2'], best: ['studio/writer', 'ollama/llama3.2'] },
  });
  const unheard = (model?: string, provider?: string, kind: 'CHAT' | 'IMAGE' = 'CHAT') =>
    late.unheard({ model, provider }, kind).map(({ id }) => id);

  test.for([
    ['an id', () => unheard('ollama/x'), ['ollama']],
    ['an id of one that does not work', () => unheard('off/x'), ['off']],
    ['a bare name', () => unheard('x'), ['ollama', 'studio', 'acme']],
    ['a bare name with a slash', () => unheard('org/x'), ['ollama', 'studio', 'acme']],
    ['a name in a provider', () => unheard('x', 'studio'), ['studio']],
    ['an alias of which nothing is there', () => unheard('fast'), ['ollama']],
    ['nothing', () => unheard(), ['ollama']],
    ['a provider', () => unheard(undefined, 'acme'), ['acme']],
    ['a provider of chat models for a picture', () => unheard(undefined, 'studio', 'IMAGE'), ['studio']],
  ] as const)('may have what is not found by %s', ([, ask, ids]) => {
    expect(ask()).toEqual(ids);
  });

  test.for([
    ['a model that is there', () => unheard('studio/writer')],
    ['an alias of which something is there', () => unheard('best')],
    ['a chat model where a picture is wanted', () => unheard('writer', undefined, 'IMAGE')],
    ['a name in a provider whose models are fixed', () => unheard('x', 'fixed')],
    ['an id of a provider whose models are fixed', () => unheard('fixed/x')],
    ['a provider that is not there', () => unheard('x', 'nobody')],
  ] as const)('is not asked for %s', ([, ask]) => {
    expect(ask()).toEqual([]);
  });

  test.for([
    [{}, /^The default model 'ollama\/llama3\.2' is not there \(Ollama could not be reached\)\.$/],
    [
      { provider: 'acme' },
      /^The default model 'one' of provider 'acme' is not there \(Acme has not listed .* yet\)\.$/,
    ],
    [{ provider: 'ollama' }, /^Provider 'ollama' has no default model \(Ollama could not be reached\)\.$/],
    [{ model: 'ollama/x' }, /^There is no model 'ollama\/x' \(Ollama could not be reached\)\. The closest/],
    [{ model: 'x', provider: 'ollama' }, /^'ollama' does not offer a model 'x' \(Ollama could not be reached\)\.$/],
    [{ model: 'x' }, /^There is no model 'x' \(Ollama could not be reached; Acme has not listed its models yet\)\./],
    [{ model: 'studio/x' }, /^There is no model 'studio\/x'\. The closest/],
  ] as const)('is named with its problem when %j finds nothing', ([choice, message]) => {
    expect(() => late.choose(choice, 'CHAT')).toThrow(
      expect.objectContaining({
        message: expect.stringMatching(message),
        extensions: expect.objectContaining({ code: 'MODEL_NOT_FOUND' }),
      }),
    );
  });
});
