import * as z from 'zod';
import { checkModels, ModelOptions, modelName, modelOptions } from '../kit/model-options.ts';
import { headerValue, UpstreamOptions, upstreamUrl } from '../options.ts';

const Model = ModelOptions.extend({
  like: modelName
    .optional()
    .describe(
      'The model that it is to be asked like, such as anthropic.claude-sonnet-4-5; otherwise as its name tells. For the ARN of a profile, which tells nothing.',
    ),
});

const key = headerValue.min(1, 'expected a key, got an empty text').optional();

const Entry = UpstreamOptions.extend({
  type: z.literal('bedrock').describe('Amazon Bedrock, by its Converse API.'),
  name: z.string().min(1).default('Amazon Bedrock').describe('Its name for people.'),
  region: z
    .string()
    .regex(/^[a-z]{2}(-[a-z]+)+-\d+$/, 'expected a region, such as us-east-1')
    .describe('Where its models run.'),
  accessKeyId: key.describe('Signs requests, with secretAccessKey.'),
  secretAccessKey: key.describe('Signs requests; it is never sent.'),
  sessionToken: key.describe('Of credentials that hold for a while.'),
  apiKey: key.describe('A key of Bedrock, in place of those: sent as a bearer token.'),
  baseUrl: upstreamUrl
    .optional()
    .describe('Another address of its runtime, such as that of an endpoint within a private network.'),
  modelsUrl: upstreamUrl
    .optional()
    .describe("Another address of its list of models; otherwise the region's, or baseUrl where that is given."),
  ...modelOptions(Model),
});

/** The options of Amazon Bedrock. */
export const BedrockOptions = Entry.superRefine(checkEntry, { when: () => true }).transform(
  ({ accessKeyId, secretAccessKey, sessionToken, ...options }) => ({
    ...options,
    credentials: accessKeyId && secretAccessKey ? { accessKeyId, secretAccessKey, sessionToken } : null,
    baseUrl: options.baseUrl ?? `https://bedrock-runtime.${options.region}.amazonaws.com`,
    modelsUrl: options.modelsUrl ?? options.baseUrl ?? `https://bedrock.${options.region}.amazonaws.com`,
  }),
);

export type BedrockOptions = z.output<typeof BedrockOptions>;

export type ConfiguredModel = z.output<typeof Model>;

/** Runs beside other problems, too: any option may be missing or wrong. */
function checkEntry(entry: Partial<z.output<typeof Entry>>, context: z.RefinementCtx): void {
  const { type, enabled, baseUrl, apiKey, accessKeyId, secretAccessKey } = entry ?? {};
  if (type !== 'bedrock') return;
  const problem = (option: string, message: string) => context.addIssue({ code: 'custom', path: [option], message });
  if (accessKeyId === undefined && secretAccessKey !== undefined) problem('accessKeyId', 'expected it with its secret');
  if (accessKeyId !== undefined && secretAccessKey === undefined) problem('secretAccessKey', 'expected it with its id');
  if (apiKey !== undefined && accessKeyId !== undefined) problem('apiKey', 'expected one kind of key, got two');
  if (enabled && baseUrl === undefined && apiKey === undefined && accessKeyId === undefined) {
    problem('apiKey', 'expected a key: it, or accessKeyId and secretAccessKey');
  }
  checkModels(entry, context);
}
