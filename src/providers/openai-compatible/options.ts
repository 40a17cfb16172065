import * as z from 'zod';
import { CapabilityOptions } from '../kit/capability-options.ts';
import { headerValue, MAX_TIMER_MS, UpstreamOptions, upstreamUrl } from '../options.ts';
import { chatDialectOptions } from './chat-dialect.ts';
import { CHAT_APIS, NO_PRESET, PRESETS, type Preset, type PresetName } from './presets.ts';

/** The `type` of a server that there is no preset for. */
const ANY_SERVER = 'openai-compatible';
export const OPENAI_TYPES = [ANY_SERVER, ...(Object.keys(PRESETS) as PresetName[])] as const;

const DISCOVER = 'discover';

const Size = z
  .string()
  .regex(
    /^([1-9]\d{0,4}x[1-9]\d{0,4}|[1-9]\d?(\.\d)?:[1-9]\d?(\.\d)?)$/,
    'expected a size in pixels, such as 1024x1024, or a ratio, such as 16:9',
  );

const sizes = z
  .array(Size)
  .describe(
    'What pictures come in: sizes such as 1024x1024, sent as `size`, or ratios such as 16:9, sent as `aspect_ratio`. ' +
      'The one nearest to the shape that is asked for is used. An empty list: neither is sent. Otherwise those that the ' +
      'named server takes, or 1024x1024, 1536x1024 and 1024x1536.',
  );

const path = z
  .string()
  .regex(/^\/[^\s#]*$/, 'expected a path, such as /images/generations')
  .exactOptional();

const thinkTags = z
  .enum(['auto', 'open', 'off'])
  .describe(
    'Thinking that stands in the text: "auto" takes what is in <think> tags at the beginning of an answer for it, "open" also where the opening tag is missing, "off" takes tags for text.',
  );

const extraBody = z
  .record(z.string(), z.json())
  .describe('Merged into the body of each chat and picture request, where our own fields win.');

const modelName = z.string().min(1, 'expected the name of a model');

const Model = z.strictObject({
  name: modelName.describe("The upstream's own name."),
  kind: z.enum(['CHAT', 'IMAGE']).default('CHAT').describe('What it answers with.'),
  aliases: z.array(z.string().min(1)).default([]).describe('Other names that reach it.'),
  sizes: sizes.optional(),
  thinkTags: thinkTags.optional(),
  ...chatDialectOptions,
  extraBody: extraBody.optional(),
  capabilities: CapabilityOptions.optional().describe(
    'What it can be asked for, where that is known better here. A model of the kind IMAGE gets a prompt and nothing else.',
  ),
});

export const Models = z
  .array(
    z
      .union([modelName, Model], { error: 'expected the name of a model, or { name, kind, aliases, sizes }' })
      .transform((model) => (typeof model === 'string' ? Model.parse({ name: model }) : model)),
  )
  .min(1, 'expected at least one model');

export const Entry = UpstreamOptions.extend({
  type: z.enum(OPENAI_TYPES).describe('The dialect that the server speaks, or the name of a server that is known.'),
  name: z.string().min(1).optional().describe('Its name for people.'),
  baseUrl: upstreamUrl
    .optional()
    .describe('Where the server is, with the version: https://api.example.com/v1. A query stands behind every path.'),
  apiKey: headerValue.min(1, 'expected a key, got an empty text').optional().describe('Sent as a bearer token.'),
  api: z
    .enum(CHAT_APIS)
    .exactOptional()
    .describe(
      'The protocol of chats: "responses" asks /responses, "chat" asks /chat/completions, which more servers have; otherwise responses with openai and azure, and chat elsewhere.',
    ),
  models: z
    .union([z.literal(DISCOVER), Models], { error: `expected "${DISCOVER}", or a list of models` })
    .default(DISCOVER)
    .describe('Its models; or "discover": those that the server lists, asked for again and again.'),
  defaultModel: modelName.optional().describe('The chat model that is used when only the provider is named.'),
  defaultImageModel: modelName.optional().describe('The image model that is used when only the provider is named.'),
  modelsPath: path.describe('Where the server lists its models, behind the base URL; otherwise /models.'),
  imagesPath: path.describe('Where pictures are ordered, behind the base URL; otherwise /images/generations.'),
  sizes: sizes.exactOptional(),
  maxImagesPerCall: z
    .int()
    .min(1)
    .exactOptional()
    .describe('How many pictures one call makes at most; otherwise 10, or 1 with openrouter.'),
  thinkTags: thinkTags.exactOptional(),
  ...chatDialectOptions,
  linkedMedia: z
    .array(z.enum(['image', 'audio', 'file']))
    .exactOptional()
    .describe(
      'What the server reads itself where it is linked to; all else is read here and sent along. Otherwise image, with openrouter and mistral file too, and nothing with ollama, llamacpp and lmstudio.',
    ),
  extraBody: extraBody.default({}),
  discoverIntervalMs: z
    .int()
    .min(1)
    .max(MAX_TIMER_MS)
    .default(300_000)
    .describe('How often the server is asked for its models.'),
});

/** The options of one OpenAI-compatible server; what they leave out comes from the preset that `type` names. */
export const OpenAiOptions = Entry.superRefine(checkEntry, { when: () => true }).transform(({ type, ...options }) => ({
  ...withPreset(presetOf(type), options),
  type,
}));

export type OpenAiOptions = Omit<z.output<typeof OpenAiOptions>, 'type'>;

/** What an entry says, and for the rest what is known of the server. */
export function withPreset<Options extends Omit<z.output<typeof Entry>, 'type'>>(
  { responsesLinkedMedia, ...preset }: Preset,
  options: Options,
) {
  const { api = preset.api } = options;
  const linkedMedia = (api === 'responses' && responsesLinkedMedia) || preset.linkedMedia;
  return {
    ...preset,
    linkedMedia,
    ...options,
    name: options.name ?? preset.name,
    baseUrl: options.baseUrl ?? preset.baseUrl ?? '',
  };
}

function presetOf(type: (typeof OPENAI_TYPES)[number]): Preset {
  return type === ANY_SERVER ? NO_PRESET : PRESETS[type];
}

/** What one option cannot tell alone. Runs beside other problems, too: any option may be missing or wrong. */
function checkEntry(entry: Partial<z.output<typeof Entry>>, context: z.RefinementCtx): void {
  const problem = (option: string, message: string) => context.addIssue({ code: 'custom', path: [option], message });
  const { type, enabled, baseUrl, apiKey } = entry ?? {};
  if (type === undefined || !OPENAI_TYPES.includes(type)) return;

  const preset = presetOf(type);
  if (baseUrl === undefined && preset.baseUrl === null) problem('baseUrl', 'expected the URL of the server');
  if (enabled && apiKey === undefined && preset.needsKey) problem('apiKey', `expected a key: ${preset.name} needs one`);
  checkModels(entry, problem);
}

/** Refuses a model that is there twice, and a default that is none of them. Any option may be missing or wrong. */
export function checkModels(
  { models, ...entry }: Partial<Pick<z.output<typeof Entry>, 'models' | 'defaultModel' | 'defaultImageModel'>>,
  problem: (option: string, message: string) => void,
): void {
  if (!Array.isArray(models) || !Models.safeParse(models).success) return;
  const names = models.map(({ name }) => name);
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) problem('models', `expected each model once, got '${twice}' again`);
  for (const [option, kind] of DEFAULTS) {
    const wanted = entry[option];
    if (wanted !== undefined && !models.some((model) => model.name === wanted && model.kind === kind)) {
      problem(option, `expected one of the models of kind ${kind}, got '${wanted}'`);
    }
  }
}

const DEFAULTS = [
  ['defaultModel', 'CHAT'],
  ['defaultImageModel', 'IMAGE'],
] as const;
