import * as z from 'zod';
import { checkModels, ModelOptions, modelName, modelOptions } from '../kit/model-options.ts';
import { headerValue, UpstreamOptions, upstreamUrl } from '../options.ts';
import type { ModelKind } from '../provider.ts';
import { kindOf } from './families.ts';

const Model = ModelOptions.extend({
  kind: z
    .enum(['CHAT', 'IMAGE'])
    .optional()
    .describe('What it answers with; otherwise IMAGE for Imagen, and CHAT for all others.'),
  like: modelName
    .optional()
    .describe(
      'The model of Google that it is to be asked like, such as gemini-2.5-flash; otherwise as its name tells.',
    ),
});

const Entry = UpstreamOptions.extend({
  type: z.literal('google').describe("The protocol of Google's Gemini API."),
  name: z.string().min(1).default('Google').describe('Its name for people.'),
  baseUrl: upstreamUrl
    .optional()
    .describe(
      'Another server that speaks the protocol, with the version: https://aiplatform.googleapis.com/v1/publishers/google.',
    ),
  apiKey: headerValue.min(1, 'expected a key, got an empty text').optional().describe('Sent as x-goog-api-key.'),
  ...modelOptions(Model),
  defaultImageModel: modelName.optional().describe('The image model that is used when only the provider is named.'),
});

/** The options of Google's Gemini API, or of another server that speaks its protocol. */
export const GoogleOptions = Entry.superRefine(checkEntry, { when: () => true }).transform((options) => ({
  ...options,
  url: options.baseUrl === undefined ? 'https://ai.google.dev' : null,
  baseUrl: options.baseUrl ?? 'https://generativelanguage.googleapis.com/v1beta',
}));

export type GoogleOptions = z.output<typeof GoogleOptions>;

export type ConfiguredModel = z.output<typeof Model>;

/** What a model answers with. */
export function kindOfConfigured({ name, kind, like = name }: ConfiguredModel): ModelKind {
  return kind ?? kindOf(like);
}

/** Runs beside other problems, too: any option may be missing or wrong. */
function checkEntry(entry: Partial<z.output<typeof Entry>>, context: z.RefinementCtx): void {
  const { type, enabled, baseUrl, apiKey, models } = entry ?? {};
  if (type !== 'google') return;
  const problem = (option: string, message: string) => context.addIssue({ code: 'custom', path: [option], message });
  if (enabled && baseUrl === undefined && apiKey === undefined) problem('apiKey', 'expected a key: Google needs one');
  checkModels({ models }, context);
  const listed = z.array(Model).safeParse(models).data;
  if (listed === undefined) return;
  for (const [option, kind] of DEFAULTS) {
    const wanted = entry[option];
    const isWanted = (model: ConfiguredModel) => model.name === wanted && kindOfConfigured(model) === kind;
    if (wanted !== undefined && !listed.some(isWanted)) {
      problem(option, `expected one of the models of kind ${kind}, got '${wanted}'`);
    }
  }
}

const DEFAULTS = [
  ['defaultModel', 'CHAT'],
  ['defaultImageModel', 'IMAGE'],
] as const;
