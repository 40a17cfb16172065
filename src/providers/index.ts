import * as z from 'zod';
import { aichats } from './aichats.ts';
import { chatgptfree } from './chatgptfree.ts';
import type { ProviderDefinition } from './definition.ts';
import type { UpstreamSettings } from './http/settings.ts';
import { local } from './local/local.ts';
import { createOpenAiCompatible } from './openai-compatible/openai-compatible.ts';
import { OpenAiOptions } from './openai-compatible/options.ts';
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

/** The configuration's `providers`: an optional entry for each of those, and any number of servers under ids of their own. */
export const ProvidersConfig = z
  .object(
    Object.fromEntries(
      Object.entries(definitions).map(([id, { options }]) => [id, options.prefault({ enabled: true })]),
    ),
  )
  .catchall(OpenAiOptions)
  .superRefine(checkIds, { when: () => true });

type ProvidersConfig = z.output<typeof ProvidersConfig>;

/** Makes every provider that is enabled: the built-in ones first, then the others in the order of their entries. */
export function createProviders(config: ProvidersConfig, settings: UpstreamSettings): readonly Provider[] {
  const others = Object.keys(config).filter((id) => !Object.hasOwn(definitions, id));
  return [...Object.keys(definitions), ...others].flatMap((id) => {
    const options = config[id];
    if (!options?.enabled) return [];
    const definition = definitions[id];
    if (definition) return [definition.create(options, settings)];
    return [createOpenAiCompatible({ id, ...(options as OpenAiOptions) }, settings)]; // As the catch-all has checked.
  });
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
