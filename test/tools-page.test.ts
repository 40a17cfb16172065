import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { AZURE } from '../src/providers/openai-compatible/azure.ts';
import { NO_PRESET, PRESETS, type Preset } from '../src/providers/openai-compatible/presets.ts';
import { NO_FIELD } from '../src/providers/responses/families.ts';
import { overPost } from './helpers/clients.ts';
import { startServer } from './helpers/server.ts';

const page = readFileSync('docs/tools.md', 'utf8');
const run = promisify(execFile);

/** The code blocks of a language, as they stand there. */
const blocks = (language: string) =>
  [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code);

test('shows each example with tools as it is', () => {
  const programs = readdirSync('examples').filter((file) => /^tools?-/.test(file));
  expect(programs.length).toBeGreaterThan(0);
  expect(blocks('ts').sort()).toEqual(programs.map((file) => readFileSync(`examples/${file}`, 'utf8')).sort());
});

test('has curl commands that get their answers, without a network', async () => {
  const { url } = await startServer();
  const answers = await Promise.all(
    blocks('sh').map(async (command) => {
      const { stdout } = await run('bash', ['-c', command.replaceAll('http://127.0.0.1:4000', new URL(url).origin)]);
      return JSON.parse(stdout);
    }),
  );
  expect(answers).toMatchObject([
    {
      data: {
        completeChat: {
          finishReason: 'TOOL_CALLS',
          toolCalls: [{ name: 'weather', arguments: { city: expect.any(String) } }],
        },
      },
    },
    { data: { completeChat: { finishReason: 'STOP', text: expect.stringContaining('light rain') } } },
    { data: { completeChat: { finishReason: 'STOP', object: { city: expect.any(String) }, objectProblems: [] } } },
    { url: expect.stringMatching(/^media:/), mediaType: 'image/png' },
  ]);
});

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

const code = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ');

const FORMATS: Readonly<Record<string, string>> = {
  'json_object,json_schema': 'schemas, JSON',
  json_object: 'JSON; a schema stands in its instructions',
  json_schema: 'schemas; that it is to be JSON stands in its instructions',
};

/** The words that it has; a switch of its own beside them, or in their place. */
function efforts({ reasoningFields, reasoningEfforts }: Preset): string {
  const switches = reasoningFields.filter((field) => !['reasoning_effort', 'reasoning'].includes(field));
  if (switches.length === reasoningFields.length) return 'on, off';
  return [...(switches.length > 0 ? ['off'] : []), ...reasoningEfforts].join(', ');
}

/** As its chats are asked over `/responses`, where the items of reasoning are seen again. */
const overResponses = (preset: Preset): Preset => ({
  ...preset,
  mediaInToolResults: true,
  linkedMedia: preset.responsesLinkedMedia ?? preset.linkedMedia,
  unsupported: NO_FIELD,
});

const toRow = (type: string, preset: Preset) => [
  type,
  preset.toolChoiceNamed ? 'modes, names' : 'modes; the tool that is named is sent alone',
  FORMATS[preset.responseFormats.join()] ?? preset.responseFormats.join(),
  efforts(preset),
  preset.api === 'responses' ? 'encrypted' : code([preset.reasoningHistory].filter((field) => field !== 'none')),
  preset.linkedMedia.join(', ') || 'none',
  preset.mediaInToolResults ? 'yes' : 'in a message behind them',
  code(preset.unsupported) || 'none',
];

interface ChatModel {
  readonly id: string;
  readonly capabilities: Readonly<Record<'options' | 'inputs', readonly string[] | null>> &
    Readonly<Record<'tools' | 'structuredOutput' | 'reasoning', boolean | null>>;
}

const MODELS = '{ models(kind: CHAT) { id capabilities { options inputs tools structuredOutput reasoning } } }';
const apiKey = 'key-0123456789';

/** Vendors in their own protocols, with one model for each of the ways in which theirs are asked. */
const VENDORS = {
  anthropic: {
    type: 'anthropic',
    apiKey,
    models: ['claude-opus-5', 'claude-opus-4-6', 'claude-sonnet-4-5', 'claude-3-5-haiku-latest'],
  },
  google: {
    type: 'google',
    apiKey,
    models: ['gemini-3-pro-preview', 'gemini-2.5-flash', 'gemini-2.5-flash-image', 'gemma-3-27b-it'],
  },
  bedrock: {
    type: 'bedrock',
    region: 'us-east-1',
    apiKey,
    models: [
      'anthropic.claude-opus-4-6-v1',
      'amazon.nova-2-lite-v1:0',
      'openai.gpt-oss-120b-1:0',
      'meta.llama4-maverick-17b-instruct-v1:0',
    ],
  },
};
const isVendors = ({ id }: ChatModel) => Object.hasOwn(VENDORS, id.split('/', 1)[0] ?? '');

const isKnown = (value: boolean | null) => (value === null ? 'not known' : value ? 'yes' : 'no');

const toModelTable = (models: readonly ChatModel[]) =>
  table(
    ['model', 'options', 'inputs', 'tools', 'structured answers', 'reasoning'],
    models.map(({ id, capabilities: { options, inputs, tools, structuredOutput, reasoning } }) => [
      `\`${id}\``,
      options === null ? 'not known' : code(options) || 'none',
      inputs === null ? 'not known' : code(inputs),
      ...[tools, structuredOutput, reasoning].map(isKnown),
    ]),
  );

test('says of each provider what the code says', async () => {
  const { openai, ...presets } = PRESETS;
  const rows = [
    toRow('`openai`', overResponses(openai)),
    toRow('`openai`, `"api": "chat"`', { ...openai, api: 'chat' }),
    toRow('`azure`', overResponses(AZURE)),
    ...Object.entries({ ...presets, 'openai-compatible': NO_PRESET }).map(([type, preset]) =>
      toRow(`\`${type}\``, preset),
    ),
  ];
  const [result] = await overPost(await startServer({ config: { providers: VENDORS } }), { query: MODELS });
  const models = result?.data?.models as readonly ChatModel[];
  const tables = `
Servers that speak OpenAI's protocols, by the \`type\` of their entry. Whether a model calls tools, or thinks, is a matter of the model; an entry says otherwise where its server has its ways.

${table(
  [
    '`type`',
    '`toolChoice`',
    'structured answers',
    'efforts',
    'reasoning that it sees again',
    'links that it reads itself',
    'media in results',
    'options that it lacks',
  ],
  rows,
)}

Vendors in their own protocols, by the \`type\` of their entry and some of their models: [providers.md](providers.md) has what becomes of each option.

${toModelTable(models.filter(isVendors))}

Built-in models:

${toModelTable(models.filter((model) => !isVendors(model)))}
`;
  const written = page.replace(
    /(<!-- providers -->\n)[\s\S]*(<!-- \/providers -->)/,
    (_, from, to) => from + tables + to,
  );
  await expect(written).toMatchFileSnapshot('../docs/tools.md');
});
