import * as z from 'zod';
import { aichats } from './aichats.ts';
import { chatgptfree } from './chatgptfree.ts';
import type { ProviderDefinition } from './definition.ts';
import { local } from './local.ts';
import type { UpstreamSettings } from './options.ts';
import type { Provider } from './provider.ts';
import { websim } from './websim.ts';

/** Every provider there is, by its id, in the order in which they are shown and tried. */
const definitions: Readonly<Record<string, ProviderDefinition<z.ZodType<{ enabled: boolean }>>>> = {
  local,
  websim,
  aichats,
  chatgptfree,
};

/** The configuration's `providers`: one optional entry for each. */
export const ProvidersConfig = z.strictObject(
  Object.fromEntries(Object.entries(definitions).map(([id, { options }]) => [id, options.prefault({ enabled: true })])),
);

/** Makes every provider that is enabled. */
export function createProviders(
  config: z.output<typeof ProvidersConfig>,
  settings: UpstreamSettings,
): readonly Provider[] {
  return Object.entries(definitions).flatMap(([id, { create }]) => {
    const options = config[id];
    return options?.enabled ? [create(options, settings)] : [];
  });
}
