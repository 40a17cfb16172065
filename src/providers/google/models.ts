import { type Capabilities, CHAT_OPTIONS, mergeCapabilities } from '../capabilities.ts';
import { ProviderError } from '../errors.ts';
import type { HttpClient } from '../http/client.ts';
import { isErrorBody } from '../http/error-body.ts';
import { isObject, type Json, parseJson } from '../http/json.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import { toBound } from '../kit/count.ts';
import { configuredModels, discoverModels, LIST_TIMEOUT_MS, type ModelSource } from '../kit/discover-models.ts';
import type { ModelKind, ProviderModel } from '../provider.ts';
import { kindOf, type Ways, waysOf } from './families.ts';
import { type ConfiguredModel, type GoogleOptions, kindOfConfigured } from './options.ts';

/** A model, and how it wants to be asked. */
export interface GoogleModel extends ProviderModel {
  readonly capabilities: Capabilities;
  readonly ways: Ways;
}

/** The models that are configured, or those that the server lists. */
export function createModelSource(
  { models, discoverIntervalMs }: GoogleOptions,
  http: HttpClient,
  { name, warn }: { readonly name: string; readonly warn: UpstreamSettings['warn'] },
): ModelSource<GoogleModel> {
  if (models !== 'discover') return configuredModels(models.map(fromConfigured));
  return discoverModels(
    { list: (signal) => listModels(http, name, signal), toModels: (listed) => listed },
    { name, intervalMs: discoverIntervalMs, warn },
  );
}

/** One that is not among the models is as its name tells. */
export function modelNamed(name: string, models: readonly GoogleModel[]): GoogleModel {
  return models.find((model) => model.name === name) ?? toModel(name, kindOf(name), waysOf(name));
}

/** Where a model is asked; its name may have the folder that it is in before it, as tuned ones have. */
export function pathOf(name: string): string {
  const path = name.includes('/') ? name : `models/${name}`;
  return `/${path.split('/').map(encodeURIComponent).join('/')}`;
}

/** More pages than this are no list. */
const MAX_PAGES = 100;

/** https://ai.google.dev/api/models#method:-models.list */
async function listModels(http: HttpClient, name: string, signal: AbortSignal): Promise<readonly GoogleModel[]> {
  const models = new Map<string, GoogleModel>();
  let token = '';
  for (let page = 0; page < MAX_PAGES; page++) {
    const path = `/models?pageSize=1000${token === '' ? '' : `&pageToken=${encodeURIComponent(token)}`}`;
    const headers = { accept: 'application/json', 'user-agent': 'modelql' };
    const answer = await http.send({ method: 'GET', path, headers, timeoutMs: LIST_TIMEOUT_MS }, signal);
    const said = parseJson(await answer.text());
    if (isErrorBody(said)) throw http.toError(said);
    const { models: listed, nextPageToken } = isObject(said) ? said : ({} as Json);
    if (!Array.isArray(listed)) break;
    for (const model of listed.flatMap(fromListed)) models.set(model.name, model);
    if (typeof nextPageToken !== 'string' || nextPageToken === '') return [...models.values()];
    if (nextPageToken === token) break;
    token = nextPageToken;
  }
  throw new ProviderError('BAD_RESPONSE', `${name} sent no list of models`);
}

function fromConfigured(configured: ConfiguredModel): GoogleModel {
  const { name, aliases, like = name, capabilities } = configured;
  const model = toModel(name, kindOfConfigured(configured), waysOf(like));
  return { ...model, aliases, capabilities: mergeCapabilities(capabilities, model.capabilities) };
}

/** What the list tells comes before what the name does. Models that speak, or film, are none of ours. */
function fromListed(model: unknown): GoogleModel[] {
  const { name: path, supportedGenerationMethods: methods, ...told } = isObject(model) ? model : ({} as Json);
  if (typeof path !== 'string' || !Array.isArray(methods)) return [];
  const name = path.replace(/^models\//, '');
  const kind = methods.includes('generateContent') ? 'CHAT' : methods.includes('predict') ? 'IMAGE' : null;
  if (name === '' || kind === null || /-tts\b/.test(name)) return [];
  const ways = kind === 'IMAGE' ? { ...waysOf(name), pictures: 'predict' as const } : waysOf(name);
  const listed: Partial<Capabilities> = {
    reasoning: typeof told.thinking === 'boolean' ? told.thinking : null,
    contextWindow: toBound(told.inputTokenLimit),
    maxOutputTokens: toBound(told.outputTokenLimit),
  };
  const known = toModel(name, kind, ways);
  return [
    { ...known, capabilities: kind === 'CHAT' ? mergeCapabilities(listed, known.capabilities) : known.capabilities },
  ];
}

function toModel(name: string, kind: ModelKind, ways: Ways): GoogleModel {
  return { name, kind, capabilities: mergeCapabilities(kind === 'CHAT' ? toChat(ways) : toPictures(ways)), ways };
}

function toChat({ pictures, tools, structuredOutput, thinking }: Ways): Partial<Capabilities> {
  return {
    options: OPTIONS,
    inputs: ['TEXT', 'IMAGE', 'AUDIO', 'FILE'],
    outputs: pictures === null ? ['TEXT'] : ['TEXT', 'IMAGE'],
    tools,
    structuredOutput,
    reasoning: thinking !== null,
  };
}

/** There is no field for calls one at a time. */
const OPTIONS = Object.values(CHAT_OPTIONS).filter((option) => option !== 'PARALLEL_TOOL_CALLS');

function toPictures({ pictures }: Ways): Partial<Capabilities> {
  return { aspectRatios: true, imagesPerCall: pictures === 'predict' ? 4 : 1 };
}
