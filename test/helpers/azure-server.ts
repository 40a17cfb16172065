import { onTestFinished } from 'vitest';
import type { UpstreamSettings } from '../../src/providers/http/settings.ts';
import { AzureOptions } from '../../src/providers/openai-compatible/azure.ts';
import { askChatCompletions } from '../../src/providers/openai-compatible/chat-completions-api.ts';
import { createOpenAiCompatible } from '../../src/providers/openai-compatible/openai-compatible.ts';
import { askResponses } from '../../src/providers/openai-compatible/responses-api.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { startFakeUpstream } from './fake-upstream.ts';
import { createSettings } from './provider-suite.ts';

/** Makes the provider `azure` from an entry of the configuration; closed when the test has finished. */
export function createAzure(entry: object, settings: UpstreamSettings = createSettings()): Provider {
  const standard = { type: 'azure', apiKey: 'azure-key-0123', models: ['my gpt', { name: 'draw', kind: 'IMAGE' }] };
  const options = AzureOptions.parse({ ...standard, ...entry });
  const ask = options.api === 'responses' ? askResponses : askChatCompletions;
  const provider = createOpenAiCompatible({ id: 'azure', ...options }, settings, ask);
  onTestFinished(() => provider.close?.());
  return provider;
}

/** The same, with an upstream that answers as it is told, at this path of it. */
export async function startAzure(play: Parameters<typeof startFakeUpstream>[0], path: string, entry: object = {}) {
  const upstream = await startFakeUpstream(play);
  return { upstream, provider: createAzure({ baseUrl: `${upstream.url}${path}`, ...entry }) };
}
