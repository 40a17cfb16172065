import * as z from 'zod';
import { checkModels, ModelOptions, modelName, modelOptions } from '../kit/model-options.ts';
import { headerValue, UpstreamOptions, upstreamUrl } from '../options.ts';

const Model = ModelOptions.extend({
  like: modelName
    .optional()
    .describe('The Claude model that it is to be asked like, such as claude-sonnet-4-5; otherwise as its name tells.'),
});

const Entry = UpstreamOptions.extend({
  type: z.literal('anthropic').describe("Anthropic's own protocol."),
  name: z.string().min(1).default('Anthropic').describe('Its name for people.'),
  baseUrl: upstreamUrl
    .optional()
    .describe('Another server that speaks the protocol, with the version: https://ai.example.com/v1.'),
  apiKey: headerValue.min(1, 'expected a key, got an empty text').optional().describe('Sent as x-api-key.'),
  ...modelOptions(Model),
});

/** The options of Anthropic, or of another server that speaks its protocol. */
export const AnthropicOptions = Entry.superRefine(checkEntry, { when: () => true }).transform((options) => ({
  ...options,
  url: options.baseUrl === undefined ? 'https://platform.claude.com' : null,
  baseUrl: options.baseUrl ?? 'https://api.anthropic.com/v1',
}));

export type AnthropicOptions = z.output<typeof AnthropicOptions>;

export type ConfiguredModel = z.output<typeof Model>;

/** Runs beside other problems, too: any option may be missing or wrong. */
function checkEntry(entry: Partial<z.output<typeof Entry>>, context: z.RefinementCtx): void {
  const { type, enabled, baseUrl, apiKey } = entry ?? {};
  if (type !== 'anthropic') return;
  if (enabled && baseUrl === undefined && apiKey === undefined) {
    context.addIssue({ code: 'custom', path: ['apiKey'], message: 'expected a key: Anthropic needs one' });
  }
  checkModels(entry, context);
}
