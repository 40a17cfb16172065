import { type Capabilities, type ChatOption, mergeCapabilities } from '../capabilities.ts';
import { ProviderError } from '../errors.ts';
import type { HttpClient } from '../http/client.ts';
import { isErrorBody } from '../http/error-body.ts';
import { isObject, type Json, parseJson } from '../http/json.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import { toBound } from '../kit/count.ts';
import { configuredModels, discoverModels, LIST_TIMEOUT_MS, type ModelSource } from '../kit/discover-models.ts';
import type { ProviderModel } from '../provider.ts';
import { type Family, familyOf, type Ways } from './families.ts';
import { HEADERS } from './headers.ts';
import type { AnthropicOptions, ConfiguredModel } from './options.ts';

/** A model, and how it wants to be asked. */
export interface AnthropicModel extends ProviderModel {
  readonly capabilities: Capabilities;
  readonly ways: Ways;
}

/** The models that are configured, or those that the server lists. */
export function createModelSource(
  { models, discoverIntervalMs }: AnthropicOptions,
  http: HttpClient,
  { name, warn }: { readonly name: string; readonly warn: UpstreamSettings['warn'] },
): ModelSource<AnthropicModel> {
  if (models !== 'discover') return configuredModels(models.map(fromConfigured));
  return discoverModels(
    { list: (signal) => listModels(http, name, signal), toModels: (listed) => listed },
    { name, intervalMs: discoverIntervalMs, warn },
  );
}

/** One that is not among the models is as its name tells. */
export function modelNamed(name: string, models: readonly AnthropicModel[]): AnthropicModel {
  return models.find((model) => model.name === name) ?? toModel(name, familyOf(name));
}

/** More pages than this are no list. */
const MAX_PAGES = 100;

/** https://platform.claude.com/docs/en/api/models/list */
async function listModels(http: HttpClient, name: string, signal: AbortSignal): Promise<readonly AnthropicModel[]> {
  const models = new Map<string, AnthropicModel>();
  let after = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const path = `/models?limit=1000${after === '' ? '' : `&after_id=${encodeURIComponent(after)}`}`;
    const answer = await http.send(
      { method: 'GET', path, headers: { ...HEADERS, accept: 'application/json' }, timeoutMs: LIST_TIMEOUT_MS },
      signal,
    );
    const said = parseJson(await answer.text());
    if (isErrorBody(said)) throw http.toError(said);
    const { data, has_more, last_id } = isObject(said) ? said : ({} as Json);
    if (!Array.isArray(data)) break;
    for (const model of data.flatMap(fromListed)) models.set(model.name, model);
    if (has_more !== true) return [...models.values()];
    if (typeof last_id !== 'string' || last_id === after) break;
    after = last_id;
  }
  throw new ProviderError('BAD_RESPONSE', `${name} sent no list of models`);
}

function fromConfigured({ name, aliases, like = name, capabilities }: ConfiguredModel): AnthropicModel {
  const { ways, ...known } = toModel(name, familyOf(like));
  return { ...known, aliases, capabilities: mergeCapabilities(capabilities, known.capabilities), ways };
}

/** What the list tells comes before what the name does. */
function fromListed(model: unknown): AnthropicModel[] {
  if (!isObject(model) || typeof model.id !== 'string' || model.id === '') return [];
  const { capabilities, max_input_tokens, max_tokens } = model;
  const { thinking, structured_outputs } = isObject(capabilities) ? capabilities : {};
  const own = familyOf(model.id);
  const family: Family = {
    ...own,
    thinking: toThinking(thinking, own),
    formats: isSupported(structured_outputs) ?? own.formats,
    contextWindow: toBound(max_input_tokens) ?? own.contextWindow,
    maxOutputTokens: toBound(max_tokens) ?? own.maxOutputTokens,
  };
  return [toModel(model.id, family)];
}

function toModel(name: string, { contextWindow, maxOutputTokens, ...ways }: Family): AnthropicModel {
  const capabilities = mergeCapabilities({
    options: ways.sampling ? OPTIONS : OPTIONS.filter((option) => !SAMPLING.has(option)),
    inputs: ['TEXT', 'IMAGE', 'FILE'],
    outputs: ['TEXT'],
    tools: true,
    structuredOutput: true,
    reasoning: ways.thinking !== null,
    contextWindow,
    maxOutputTokens,
  });
  return { name, kind: 'CHAT', capabilities, ways };
}

/** There is no field for the others. */
const OPTIONS: readonly ChatOption[] = [
  ...(['TEMPERATURE', 'TOP_P', 'TOP_K', 'MAX_TOKENS', 'STOP'] as const),
  ...(['REASONING_EFFORT', 'PARALLEL_TOOL_CALLS'] as const),
];
const SAMPLING: ReadonlySet<ChatOption> = new Set(['TEMPERATURE', 'TOP_P', 'TOP_K']);

function toThinking(told: unknown, { thinking }: Family): Family['thinking'] {
  const { supported, types } = isObject(told) ? told : ({} as Json);
  const { adaptive, enabled } = isObject(types) ? types : ({} as Json);
  if (isSupported(adaptive)) return 'adaptive';
  if (isSupported(enabled)) return 'budget';
  return supported === false ? null : thinking;
}

function isSupported(told: unknown): boolean | undefined {
  return isObject(told) && typeof told.supported === 'boolean' ? told.supported : undefined;
}
