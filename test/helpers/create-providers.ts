import type { UpstreamSettings } from '../../src/providers/http/settings.ts';
import { createProvider, enabledEntries, type ProvidersConfig } from '../../src/providers/index.ts';
import type { Provider } from '../../src/providers/provider.ts';

/** All that a configuration has. */
export function createProviders(config: ProvidersConfig, settings: UpstreamSettings): Promise<Provider[]> {
  return Promise.all(enabledEntries(config).map(([id, entry]) => createProvider(id, entry, settings)));
}
