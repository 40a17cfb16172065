import * as z from 'zod';
import { aichats } from './aichats.ts';
import { AnthropicOptions } from './anthropic/options.ts';
import { BedrockOptions } from './bedrock/options.ts';
import { chatgptfree } from './chatgptfree.ts';
import type { ProviderDefinition } from './definition.ts';
import { GoogleOptions } from './google/options.ts';
import type { UpstreamSettings } from './http/settings.ts';
import { local } from './local/local.ts';
import { AzureOptions } from './openai-compatible/azure.ts';
import type { ChatApi } from './openai-compatible/chat-api.ts';
import { OPENAI_TYPES, OpenAiOptions } from './openai-compatible/options.ts';
import type { Preset } from './openai-compatible/presets.ts';
import type { ProviderOptions } from './options.ts';
import type { Provider } from './provider.ts';
import { websim } from './websim.ts';

/** The built-in providers by their ids, in the order in which they are shown and tried. */
const definitions: Readonly<Record<string, ProviderDefinition<z.ZodType<z.output<typeof ProviderOptions>>>>> = {
  local,
  websim,
  aichats,
  chatgptfree,
};

/** A server under an id of its own, by the protocol that it speaks. */
const Entry = z.discriminatedUnion(
  'type',
  [OpenAiOptions, AzureOptions, AnthropicOptions, GoogleOptions, BedrockOptions],
  {
    error: ({ code }) =>
      code === 'invalid_union' ? `expected one of ${TYPES.join(', ')}, as this provider is not built in` : undefined,
  },
);

const TYPES: readonly string[] = [...OPENAI_TYPES, 'azure', 'anthropic', 'google', 'bedrock'];

/** Loads no protocol but its own. */
async function createFrom(id: string, options: z.output<typeof Entry>, settings: UpstreamSettings): Promise<Provider> {
  if (options.type === 'anthropic') {
    const { createAnthropic } = await import('./anthropic/anthropic.ts');
    return createAnthropic({ id, ...options }, settings);
  }
  if (options.type === 'google') {
    const { createGoogle } = await import('./google/google.ts');
    return createGoogle({ id, ...options }, settings);
  }
  if (options.type === 'bedrock') {
    const { createBedrock } = await import('./bedrock/bedrock.ts');
    return createBedrock({ id, ...options }, settings);
  }
  const { createOpenAiCompatible } = await import('./openai-compatible/openai-compatible.ts');
  return createOpenAiCompatible({ id, ...options }, settings, await loadChatApi(options.api));
}

async function loadChatApi(api: Preset['api']): Promise<ChatApi> {
  return api === 'responses'
    ? (await import('./openai-compatible/responses-api.ts')).askResponses
    : (await import('./openai-compatible/chat-completions-api.ts')).askChatCompletions;
}

/** The configuration's `providers`: an optional entry for each of those, and any number of servers under ids of their own. */
export const ProvidersConfig = z
  .object(
    Object.fromEntries(
      Object.entries(definitions).map(([id, { options }]) => [id, options.prefault({ enabled: true })]),
    ),
  )
  .catchall(Entry)
  .superRefine(checkIds, { when: () => true });

export type ProvidersConfig = z.output<typeof ProvidersConfig>;

/** What is configured of one provider. */
export type ProviderEntry = ProvidersConfig[string];

/** The entries of those that are enabled: the built-in ones first, then the others in the order in which they stand. */
export function enabledEntries(config: ProvidersConfig): readonly (readonly [id: string, entry: ProviderEntry])[] {
  const others = Object.keys(config).filter((id) => !Object.hasOwn(definitions, id));
  return [...Object.keys(definitions), ...others].flatMap((id) => {
    const entry = config[id];
    return entry?.enabled ? [[id, entry] as const] : [];
  });
}

/** Makes one of them. */
export async function createProvider(id: string, entry: ProviderEntry, settings: UpstreamSettings): Promise<Provider> {
  return definitions[id]?.create(entry, settings) ?? createFrom(id, entry as z.output<typeof Entry>, settings);
}

/** An id is the first part of model ids, which have a slash behind it. */
function checkIds(config: object, context: z.RefinementCtx): void {
  for (const id of Object.keys(config)) {
    if (/^[a-z0-9-]+$/.test(id)) continue;
    context.addIssue({
      code: 'custom',
      path: [id],
      message: 'expected an id of lower case letters, digits and dashes',
    });
  }
}
