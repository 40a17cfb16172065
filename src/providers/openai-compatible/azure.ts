// Azure OpenAI: https://learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle. OpenAI's two protocols at an
// address, and with a key, of its own; what is asked for is a deployment, whatever model that has.

import * as z from 'zod';
import { headerValue } from '../options.ts';
import { checkModels, Entry, Models, withPreset } from './options.ts';
import { PRESETS, type Preset } from './presets.ts';

export const AZURE: Preset = {
  ...PRESETS.openai,
  name: 'Azure OpenAI',
  url: 'https://ai.azure.com',
  keyHeader: 'api-key',
};

/** Before there was a version of its own in the path. */
const OLD_STYLE = {
  chatPath: '/deployments/{model}/chat/completions',
  imagesPath: '/deployments/{model}/images/generations',
  api: 'chat',
} as const;

const AzureEntry = Entry.omit({ discoverIntervalMs: true, modelsPath: true }).extend({
  type: z.literal('azure').describe("Azure OpenAI, whose models are a resource's deployments."),
  resource: z
    .string()
    .regex(/^[a-zA-Z0-9][a-zA-Z0-9-]*$/, 'expected the name of a resource, such as my-company')
    .optional()
    .describe('The name of the resource, which is the first part of its address; or say the baseUrl.'),
  baseUrl: Entry.shape.baseUrl.describe(
    'Where the resource is, in place of https://{resource}.openai.azure.com/openai/v1, or of …/openai with an apiVersion.',
  ),
  apiVersion: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}(-preview)?$/, 'expected a version, such as 2024-10-21')
    .optional()
    .describe('For the older addresses, which name a deployment and this version. They have no `responses`.'),
  apiKey: Entry.shape.apiKey.describe('Sent as the header api-key.'),
  bearerToken: headerValue
    .min(1, 'expected a token, got an empty text')
    .optional()
    .describe('A token of Microsoft Entra ID, in place of a key.'),
  models: Models.describe('Its deployments, by their names.'),
});

/** The options of one resource of Azure OpenAI. */
export const AzureOptions = AzureEntry.superRefine(checkAzure, { when: () => true }).transform(
  ({ resource, apiVersion, bearerToken, ...options }) => {
    const host = `https://${resource}.openai.azure.com/openai`;
    const isOld = apiVersion !== undefined;
    const baseUrl = options.baseUrl ?? (isOld ? host : `${host}/v1`);
    return {
      ...withPreset(isOld ? { ...AZURE, ...OLD_STYLE } : AZURE, {
        ...options,
        baseUrl: isOld ? withVersion(baseUrl, apiVersion) : baseUrl,
        apiKey: bearerToken ?? options.apiKey,
        discoverIntervalMs: 0, // There are no lists of deployments to ask for.
      }),
      ...(bearerToken !== undefined && { keyHeader: 'authorization' as const }),
    };
  },
);

function withVersion(baseUrl: string, apiVersion: string): string {
  return `${baseUrl}${baseUrl.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
}

/** What one option cannot tell alone. Any option may be missing or wrong. */
function checkAzure(entry: Partial<z.output<typeof AzureEntry>>, context: z.RefinementCtx): void {
  const problem = (option: string, message: string) => context.addIssue({ code: 'custom', path: [option], message });
  const { enabled, resource, baseUrl, apiVersion, apiKey, bearerToken, api, headers } = entry ?? {};
  if (entry?.type !== 'azure') return;
  if (resource === undefined && baseUrl === undefined)
    problem('resource', 'expected the name of a resource, or a baseUrl');
  const isInHeader = Object.keys(headers ?? {}).some((header) => /^(api-key|authorization)$/i.test(header));
  const isKnown = apiKey !== undefined || bearerToken !== undefined || isInHeader;
  if (enabled && !isKnown) problem('apiKey', 'expected a key, or a bearerToken');
  if (apiKey !== undefined && bearerToken !== undefined) problem('bearerToken', 'expected a key or a token, got both');
  if (apiVersion !== undefined && api === 'responses')
    problem('api', 'expected "chat", as apiVersion is for old addresses');
  checkModels(entry, problem);
}
