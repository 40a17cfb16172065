import {
  type Capabilities,
  CHAT_OPTIONS,
  type ChatOption,
  MODALITIES,
  type Modality,
  mergeCapabilities,
} from '../capabilities.ts';
import { isObject, type Json } from '../http/json.ts';
import { toBound } from '../kit/count.ts';
import type { ModelKind } from '../provider.ts';

interface ServerOptions {
  readonly kind: ModelKind;
  /** The options of a chat that it does not take. */
  readonly unsupported: readonly ChatOption[];
  /** The shapes of its pictures: sizes, or ratios. */
  readonly sizes: readonly string[];
  readonly maxImagesPerCall: number;
  /** Whether it reads documents for models that cannot. */
  readonly readsFiles: boolean;
}

/** What is known of every model of a server: the options of which none are known not to be taken, and what pictures come in. */
export function ofServer({ kind, unsupported, sizes, maxImagesPerCall }: ServerOptions): Partial<Capabilities> {
  if (kind === 'CHAT') return unsupported.length === 0 ? {} : { options: withoutOptions(unsupported) };
  const aspectRatios = sizes.some((size) => !/^(.+)[x:]\1$/.test(size));
  return { aspectRatios, imagesPerCall: maxImagesPerCall };
}

export function withoutOptions(options: readonly ChatOption[]): readonly ChatOption[] {
  return Object.values(CHAT_OPTIONS).filter((option) => !options.includes(option));
}

/** What is told of a model, with the documents that its server reads for it. */
export function withFiles(
  told: Partial<Capabilities>,
  { kind, readsFiles }: Pick<ServerOptions, 'kind' | 'readsFiles'>,
): Partial<Capabilities> {
  const { inputs } = told;
  const isMore = kind === 'CHAT' && readsFiles && inputs && !inputs.includes('FILE');
  return isMore ? { ...told, inputs: [...inputs, 'FILE'] } : told;
}

/** What a list tells of a model, in one of the ways that servers have, with the details that are told elsewhere. */
export function fromListed(model: Json): Partial<Capabilities> {
  const { architecture, supported_parameters } = model;
  const { input_modalities, output_modalities } = isObject(architecture) ? architecture : model;
  return mergeCapabilities(
    { inputs: toModalities(input_modalities), outputs: toModalities(output_modalities) },
    fromParameters(supported_parameters),
    fromFeatures(model),
    { contextWindow: toContextWindow(model), maxOutputTokens: toMaxOutputTokens(model) },
  );
}

/** OpenRouter's words for our options; `parallel_tool_calls` it does not list of every model that calls tools. */
const PARAMETERS: Readonly<Record<ChatOption, readonly string[]>> = {
  TEMPERATURE: ['temperature'],
  TOP_P: ['top_p'],
  MAX_TOKENS: ['max_tokens', 'max_completion_tokens'],
  STOP: ['stop'],
  SEED: ['seed'],
  TOP_K: ['top_k'],
  PRESENCE_PENALTY: ['presence_penalty'],
  FREQUENCY_PENALTY: ['frequency_penalty'],
  REASONING_EFFORT: ['reasoning', 'reasoning_effort'],
  PARALLEL_TOOL_CALLS: ['parallel_tool_calls', 'tools'],
};

/** An empty list is of a model of which nothing is known: https://openrouter.ai/docs/api_reference/models */
function fromParameters(parameters: unknown): Partial<Capabilities> {
  if (!Array.isArray(parameters) || parameters.length === 0) return {};
  const has = (parameter: string) => parameters.includes(parameter);
  return {
    options: Object.values(CHAT_OPTIONS).filter((option) => PARAMETERS[option].some(has)),
    tools: has('tools'),
    // A model that takes a format may take a schema as one.
    structuredOutput: has('structured_outputs') || (has('response_format') ? null : false),
    reasoning: PARAMETERS.REASONING_EFFORT.some(has),
  };
}

/** What Mistral, LM Studio, Ollama and llama.cpp tell under `capabilities`, each in its own words, and under `type`. */
function fromFeatures({ type, capabilities, model_info, meta }: Json): Partial<Capabilities> {
  if (!Array.isArray(capabilities)) return isObject(capabilities) ? fromMistral(capabilities) : fromLmStudio(type, []);
  const has = (feature: string) => capabilities.includes(feature);
  // What Ollama does not name, the template of the model has no place for: https://docs.ollama.com/api-reference/show-model-details
  if (isObject(model_info)) {
    return { inputs: toInputs(has('vision'), has('audio')), tools: has('tools'), reasoning: has('thinking') };
  }
  // llama.cpp does not tell whether `multimodal` is pictures or sound: https://github.com/ggml-org/llama.cpp/tree/master/tools/server
  if (isObject(meta)) return has('completion') && !has('multimodal') ? { inputs: ['TEXT'] } : {};
  return fromLmStudio(type, capabilities);
}

/** https://docs.mistral.ai/api/endpoint/models */
function fromMistral({ vision, audio, function_calling, reasoning }: Json): Partial<Capabilities> {
  return {
    inputs: typeof vision === 'boolean' ? toInputs(vision, audio === true) : null,
    tools: toFlag(function_calling),
    reasoning: toFlag(reasoning),
  };
}

/** It has tools for every model, and names those that were made for them: https://lmstudio.ai/docs/developer/rest/endpoints */
function fromLmStudio(type: unknown, capabilities: readonly unknown[]): Partial<Capabilities> {
  return {
    inputs: type === 'llm' || type === 'vlm' ? toInputs(type === 'vlm', false) : null,
    tools: capabilities.includes('tool_use') || null,
  };
}

/** What is served comes before what the model was made for. */
function toContextWindow({ meta, model_info, ...model }: Json): number | null {
  const { n_ctx, n_ctx_train } = isObject(meta) ? meta : {};
  const info = isObject(model_info) ? model_info : {};
  const told = [
    ...[model.loaded_context_length, model.context_length, model.context_window],
    ...[model.max_model_len, model.max_context_length],
    ...[n_ctx, n_ctx_train, info[`${info['general.architecture']}.context_length`]],
  ];
  return told.map(toBound).find((count) => count !== null) ?? null;
}

function toMaxOutputTokens({ top_provider, max_completion_tokens }: Json): number | null {
  return toBound(isObject(top_provider) ? top_provider.max_completion_tokens : max_completion_tokens);
}

function toModalities(told: unknown): readonly Modality[] | null {
  if (!Array.isArray(told) || told.length === 0) return null;
  return MODALITIES.filter((modality) => told.includes(modality.toLowerCase()));
}

function toInputs(image: boolean, audio: boolean): readonly Modality[] {
  return ['TEXT', ...(image ? (['IMAGE'] as const) : []), ...(audio ? (['AUDIO'] as const) : [])];
}

function toFlag(told: unknown): boolean | null {
  return typeof told === 'boolean' ? told : null;
}
