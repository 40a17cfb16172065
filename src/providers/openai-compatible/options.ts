import * as z from 'zod';
import { CapabilityOptions } from '../kit/capability-options.ts';
import { headerValue, MAX_TIMER_MS, UpstreamOptions, upstreamUrl } from '../options.ts';
import { NO_PRESET, PRESETS, type Preset, type PresetName } from './presets.ts';

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
  .optional();

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
  extraBody: extraBody.optional(),
  capabilities: CapabilityOptions.optional().describe(
    'What it can be asked for, where that is known better here. A model of the kind IMAGE gets a prompt and nothing else.',
  ),
});

const Models = z
  .array(
    z
      .union([modelName, Model], { error: 'expected the name of a model, or { name, kind, aliases, sizes }' })
      .transform((model) => (typeof model === 'string' ? Model.parse({ name: model }) : model)),
  )
  .min(1, 'expected at least one model');

const Entry = UpstreamOptions.extend({
  type: z.enum(OPENAI_TYPES).describe('The dialect that the server speaks, or the name of a server that is known.'),
  name: z.string().min(1).optional().describe('Its name for people.'),
  baseUrl: upstreamUrl
    .optional()
    .describe('Where the server is, with the version: https://api.example.com/v1. A query stands behind every path.'),
  apiKey: headerValue.min(1, 'expected a key, got an empty text').optional().describe('Sent as a bearer token.'),
  models: z
    .union([z.literal(DISCOVER), Models], { error: `expected "${DISCOVER}", or a list of models` })
    .default(DISCOVER)
    .describe('Its models; or "discover": those that the server lists, asked for again and again.'),
  defaultModel: modelName.optional().describe('The chat model that is used when only the provider is named.'),
  defaultImageModel: modelName.optional().describe('The image model that is used when only the provider is named.'),
  modelsPath: path.describe('Where the server lists its models, behind the base URL; otherwise /models.'),
  imagesPath: path.describe('Where pictures are ordered, behind the base URL; otherwise /images/generations.'),
  sizes: sizes.optional(),
  maxImagesPerCall: z
    .int()
    .min(1)
    .optional()
    .describe('How many pictures one call makes at most; otherwise 10, or 1 with openrouter.'),
  maxTokensField: z
    .enum(['max_tokens', 'max_completion_tokens'])
    .optional()
    .describe('What the server calls the longest answer.'),
  streamUsage: z.boolean().optional().describe('False for a server that refuses stream_options.'),
  thinkTags: thinkTags.optional(),
  extraBody: extraBody.default({}),
  discoverIntervalMs: z
    .int()
    .min(1)
    .max(MAX_TIMER_MS)
    .default(300_000)
    .describe('How often the server is asked for its models.'),
});

/** The options of one OpenAI-compatible server; what they leave out comes from the preset that `type` names. */
export const OpenAiOptions = Entry.superRefine(checkEntry, { when: () => true }).transform(({ type, ...options }) => {
  const preset = presetOf(type);
  return {
    ...options,
    type,
    name: options.name ?? preset.name,
    url: preset.url,
    baseUrl: options.baseUrl ?? preset.baseUrl ?? '',
    needsKey: preset.needsKey,
    maxTokensField: options.maxTokensField ?? preset.maxTokensField,
    streamUsage: options.streamUsage ?? preset.streamUsage,
    thinkTags: options.thinkTags ?? preset.thinkTags,
    modelsPath: options.modelsPath ?? preset.modelsPath,
    imagesPath: options.imagesPath ?? preset.imagesPath,
    sizes: options.sizes ?? preset.sizes,
    maxImagesPerCall: options.maxImagesPerCall ?? preset.maxImagesPerCall,
    unsupported: preset.unsupported,
    details: preset.details,
    catalogue: preset.catalogue,
  };
});

export type OpenAiOptions = z.output<typeof OpenAiOptions>;

function presetOf(type: (typeof OPENAI_TYPES)[number]): Preset {
  return type === ANY_SERVER ? NO_PRESET : PRESETS[type];
}

/** What one option cannot tell alone. Runs beside other problems, too: any option may be missing or wrong. */
function checkEntry(entry: Partial<z.output<typeof Entry>>, context: z.RefinementCtx): void {
  const problem = (option: string, message: string) => context.addIssue({ code: 'custom', path: [option], message });
  const { type, enabled, baseUrl, apiKey, models } = entry ?? {};
  if (type === undefined || !OPENAI_TYPES.includes(type)) return;

  const preset = presetOf(type);
  if (baseUrl === undefined && preset.baseUrl === null) problem('baseUrl', 'expected the URL of the server');
  if (enabled && apiKey === undefined && preset.needsKey) problem('apiKey', `expected a key: ${preset.name} needs one`);
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
