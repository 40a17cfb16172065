/**
 * The well-known values of `gen_ai.provider.name` for the types of a configuration that have one.
 * @see https://github.com/open-telemetry/semantic-conventions-genai/blob/main/docs/registry/attributes/gen-ai.md (read 2026-11-27)
 */
const WELL_KNOWN: Readonly<Record<string, string>> = {
  anthropic: 'anthropic',
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  deepseek: 'deepseek',
  groq: 'groq',
  mistral: 'mistral_ai',
  openai: 'openai',
  xai: 'x_ai',
};

/**
 * What telemetry calls a provider: a well-known name where its type has one, and its id otherwise.
 * @param entry of the configuration; those that are built in have no type
 */
export function toProviderName(id: string, entry: object = {}): string {
  const { type = '', baseUrl = '' } = entry as { readonly type?: string; readonly baseUrl?: string };
  if (type === 'google') return googleNameOf(URL.parse(baseUrl)?.hostname ?? '');
  return WELL_KNOWN[type] ?? id;
}

/** The conventions tell Google's two services apart by their addresses. */
function googleNameOf(host: string): string {
  if (host === 'generativelanguage.googleapis.com') return 'gcp.gemini';
  return host.endsWith('aiplatform.googleapis.com') ? 'gcp.vertex_ai' : 'gcp.gen_ai';
}
