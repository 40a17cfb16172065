import { type Capabilities, type ChatOption, MODALITIES, type Modality, mergeCapabilities } from '../capabilities.ts';
import { ProviderError } from '../errors.ts';
import { isErrorBody } from '../http/error-body.ts';
import { isObject, type Json, parseJson } from '../http/json.ts';
import type { HttpResponse } from '../http/response.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import { configuredModels, discoverModels, type ModelSource } from '../kit/discover-models.ts';
import type { ProviderModel } from '../provider.ts';
import { type Family, familyOf, type Ways } from './families.ts';
import type { BedrockOptions, ConfiguredModel } from './options.ts';

/** A model, and how it wants to be asked. */
export interface BedrockModel extends ProviderModel {
  readonly capabilities: Capabilities;
  readonly ways: Ways;
}

/** Asks for the list. */
export type AskForModels = (signal: AbortSignal) => Promise<HttpResponse>;

/** The models that are configured, or those that the service lists. */
export function createModelSource(
  { name, models, discoverIntervalMs }: BedrockOptions,
  ask: AskForModels,
  warn: UpstreamSettings['warn'],
): ModelSource<BedrockModel> {
  if (models !== 'discover') return configuredModels(models.map(fromConfigured));
  return discoverModels(
    {
      list: async (signal) => fromList(parseJson(await (await ask(signal)).text()), name),
      toModels: (listed) => listed,
    },
    { name, intervalMs: discoverIntervalMs, warn },
  );
}

/** One that is not among the models is as its name tells. */
export function modelNamed(name: string, models: readonly BedrockModel[]): BedrockModel {
  return models.find((model) => model.name === name) ?? toModel(name, familyOf(name));
}

function fromConfigured({ name, aliases, like = name, capabilities }: ConfiguredModel): BedrockModel {
  const { ways, ...known } = toModel(name, familyOf(like));
  return { ...known, aliases, capabilities: mergeCapabilities(capabilities, known.capabilities), ways };
}

/**
 * Those that chat, stream, and can be called by their own names: the others want a profile, which has to be configured.
 * @see https://docs.aws.amazon.com/bedrock/latest/APIReference/API_ListFoundationModels.html (read 2026-11-27)
 */
function fromList(said: unknown, name: string): readonly BedrockModel[] {
  const { modelSummaries } = isObject(said) && !isErrorBody(said) ? said : ({} as Json);
  if (!Array.isArray(modelSummaries)) throw new ProviderError('BAD_RESPONSE', `${name} sent no list of models`);
  const models = modelSummaries.filter(isObject).flatMap((model): BedrockModel[] => {
    const { modelId, inputModalities, outputModalities, responseStreamingSupported, inferenceTypesSupported } = model;
    const has = (list: unknown, value: string) => !Array.isArray(list) || list.includes(value);
    const chats = has(inputModalities, 'TEXT') && has(outputModalities, 'TEXT') && responseStreamingSupported !== false;
    if (typeof modelId !== 'string' || !chats || !has(inferenceTypesSupported, 'ON_DEMAND')) return [];
    const family = familyOf(modelId);
    const inputs = toInputs(inputModalities, family) ?? family.inputs;
    return [toModel(modelId, { ...family, inputs }, toModalities(outputModalities))];
  });
  return [...new Map(models.map((model) => [model.name, model])).values()];
}

function toModel(
  name: string,
  { tools, inputs, maxOutputTokens, ...ways }: Family,
  outputs: readonly Modality[] | null = null,
): BedrockModel {
  const capabilities = mergeCapabilities({
    options: OPTIONS.filter((option) => isHonoured(option, ways)),
    inputs,
    outputs: outputs ?? ['TEXT'],
    tools,
    structuredOutput: ways.structured === null ? false : tools === true || null,
    reasoning: ways.reasoning === null ? null : true,
    maxOutputTokens,
  });
  return { name, kind: 'CHAT', capabilities, ways };
}

/** There is no field for the others. */
const OPTIONS: readonly ChatOption[] = ['TEMPERATURE', 'TOP_P', 'TOP_K', 'MAX_TOKENS', 'STOP', 'REASONING_EFFORT'];

function isHonoured(option: ChatOption, { sampling, topK, reasoning }: Ways): boolean {
  if (option === 'TOP_K') return topK !== null;
  if (option === 'REASONING_EFFORT') return reasoning !== null;
  return sampling || (option !== 'TEMPERATURE' && option !== 'TOP_P');
}

/** Whether a model reads files is not told: one of which nothing is known may. */
function toInputs(told: unknown, { inputs }: Family): readonly Modality[] | null {
  const listed = toModalities(told);
  if (listed === null) return null;
  const readsFiles = inputs === null || inputs.includes('FILE');
  return MODALITIES.filter((modality) => listed.includes(modality) || (modality === 'FILE' && readsFiles));
}

function toModalities(told: unknown): readonly Modality[] | null {
  if (!Array.isArray(told) || told.length === 0) return null;
  return MODALITIES.filter((modality) => modality !== 'AUDIO' && told.includes(modality));
}
