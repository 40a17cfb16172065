import { describe, expect, test } from 'vitest';
import { CHAT_OPTIONS } from '../src/providers/capabilities.ts';
import { overPost } from './helpers/clients.ts';
import { type FakeUpstream, startFakeUpstream } from './helpers/fake-upstream.ts';
import { answerWith, DONE, event, readFixture } from './helpers/openai-server.ts';
import { startServer, type TestServer } from './helpers/server.ts';

const ALL = ['TEMPERATURE', 'TOP_P', 'MAX_TOKENS', 'STOP', 'SEED'];
const UNKNOWN = {
  ...{ options: null, inputs: null, outputs: null, tools: null, structuredOutput: null, reasoning: null },
  ...{ contextWindow: null, maxOutputTokens: null },
};
const TEXT = {
  ...UNKNOWN,
  ...{ options: [], inputs: ['TEXT'], outputs: ['TEXT'], tools: false, structuredOutput: false, reasoning: false },
};

const FIELDS = Object.keys(UNKNOWN).join(' ');

interface Listed {
  readonly id: string;
  readonly capabilities?: unknown;
}

async function modelsOf(server: TestServer, query: string): Promise<readonly Listed[]> {
  const [result] = (await overPost(server, { query })) as readonly { data: { models: readonly Listed[] } }[];
  return result?.data.models ?? [];
}

/** The capabilities of each model, by its id. */
async function capabilitiesOf(server: TestServer): Promise<unknown> {
  const models = await modelsOf(server, `{ models { id capabilities { ${FIELDS} } } }`);
  return Object.fromEntries(models.map(({ id, capabilities }) => [id, capabilities]));
}

async function idsOf(server: TestServer, args: string): Promise<string> {
  return (await modelsOf(server, `{ models(${args}) { id } }`)).map(({ id }) => id).join(' ');
}

/** A server of which `able` and `unsure` are models; what they can do is configured, or not. */
async function startWithModels(): Promise<{ upstream: FakeUpstream; server: TestServer }> {
  const upstream = await startFakeUpstream(answerWith(event({ content: 'Hello' }, 'stop'), DONE));
  const models = [
    {
      name: 'able',
      capabilities: { options: ['SEED'], inputs: ['TEXT', 'IMAGE'], tools: true, structuredOutput: true },
    },
    'unsure',
  ];
  const acme = { type: 'openai-compatible', baseUrl: upstream.url, models };
  const config = {
    providers: { acme, websim: { enabled: false }, aichats: { enabled: false }, chatgptfree: { enabled: false } },
    aliases: { any: ['acme/able', 'acme/unsure'] },
  };
  return { upstream, server: await startServer({ config }) };
}

describe('the capabilities of a model', () => {
  test('are known of the built-in providers', async () => {
    const drawn = { ...TEXT, outputs: ['IMAGE'] };
    expect(await capabilitiesOf(await startServer())).toEqual({
      'local/eliza': { ...TEXT, options: ALL },
      'local/pattern': drawn,
      'local/script': {
        ...UNKNOWN,
        ...{
          options: Object.values(CHAT_OPTIONS),
          inputs: ['TEXT', 'IMAGE', 'AUDIO', 'FILE'],
          outputs: ['TEXT', 'IMAGE'],
        },
        ...{ tools: true, structuredOutput: true, reasoning: true },
      },
      'websim/gemini-1.5-pro': TEXT,
      'websim/gemini-1.5-flash': TEXT,
      'websim/flux': drawn,
      'aichats/gpt-4': TEXT,
      'aichats/dalle': drawn,
      'chatgptfree/gpt-4o-mini-2024-07-18': TEXT,
    });
  });

  test('are what the configuration says, and null where nothing is known', async () => {
    const { server } = await startWithModels();
    expect(await capabilitiesOf(server)).toMatchObject({
      'acme/able': { ...UNKNOWN, options: ['SEED'], inputs: ['TEXT', 'IMAGE'], tools: true, structuredOutput: true },
      'acme/unsure': UNKNOWN,
    });
  });

  test('are what its server lists', async () => {
    const upstream = await startFakeUpstream(({ reply }) => reply({ body: readFixture('openrouter/models.json') }));
    const acme = { type: 'openrouter', apiKey: 'sk-0123456789', baseUrl: upstream.url };
    const server = await startServer({ config: { providers: { acme } } });
    await overPost(server, {
      query:
        'mutation { completeChat(input: { messages: [{ role: USER, content: "a" }], model: "acme/none" }) { __typename } }',
    });
    expect(await capabilitiesOf(server)).toMatchObject({
      'acme/openai/gpt-4.1-mini': {
        inputs: ['TEXT', 'IMAGE', 'FILE'],
        outputs: ['TEXT'],
        tools: true,
        contextWindow: 1_047_576,
      },
      'acme/example/painter': { options: [], inputs: ['TEXT'], outputs: ['IMAGE'], tools: false },
    });
  });

  test.for([
    ['inputs: [IMAGE]', 'local/script acme/able'],
    ['inputs: [TEXT], kind: CHAT', 'local/eliza local/script acme/able'],
    ['tools: true', 'local/script acme/able'],
    ['tools: false', 'local/eliza local/pattern acme/unsure'],
    ['structuredOutput: true', 'local/script acme/able'],
    ['structuredOutput: false, provider: "acme"', 'acme/unsure'],
    ['inputs: null, tools: null, structuredOutput: null, provider: "acme"', 'acme/able acme/unsure'],
  ] as const)('choose the models of %s, where not known counts as not', async ([args, ids]) => {
    expect(await idsOf((await startWithModels()).server, args)).toBe(ids);
  });
});

describe('an option of a chat', () => {
  const ask = (server: TestServer, input: string) =>
    overPost(server, {
      query: `mutation { completeChat(input: { messages: [{ role: USER, content: "a" }], ${input} }) { ... on ChatAnswer { model { id } } } }`,
    });

  test('leads past a model that is known not to honour it', async () => {
    const { server, upstream } = await startWithModels();
    const [answer] = await ask(server, 'model: "any", topP: 0.5');
    expect(answer?.data).toEqual({ completeChat: { model: { id: 'acme/unsure' } } });
    expect(JSON.parse((await upstream.exchange()).body)).toMatchObject({ model: 'unsure', top_p: 0.5 });
    const [honoured] = await ask(server, 'model: "any", seed: 1');
    expect(honoured?.data).toEqual({ completeChat: { model: { id: 'acme/able' } } });
  });

  test('is refused with its name and that of the model where there is no other', async () => {
    const { server, upstream } = await startWithModels();
    const [answer] = await ask(server, 'model: "acme/able", topP: 0.5');
    expect(answer?.errors).toMatchObject([
      {
        message: "input.topP: 'acme/able' cannot honour it; leave it out or choose another model",
        extensions: { code: 'BAD_USER_INPUT', path: 'input.topP' },
      },
    ]);
    expect(upstream.exchanges).toEqual([]);
  });
});
