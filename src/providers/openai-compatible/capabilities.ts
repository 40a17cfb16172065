import { type Capabilities, CHAT_OPTIONS, MODALITIES, type Modality } from '../capabilities.ts';
import { isObject, type Json } from '../http/json.ts';
import type { ModelKind } from '../provider.ts';

interface ModelOptions {
  readonly kind: ModelKind;
  /** The shapes of its pictures: sizes, or ratios. */
  readonly sizes: readonly string[];
  readonly maxImagesPerCall: number;
}

/** What is known of every model of a server: the options that the dialect has a field for, and what pictures come in. */
export function ofDialect({ kind, sizes, maxImagesPerCall }: ModelOptions): Partial<Capabilities> {
  if (kind === 'CHAT') return { options: Object.values(CHAT_OPTIONS) };
  const aspectRatios = sizes.some((size) => !/^(.+)[x:]\1$/.test(size));
  return { aspectRatios, imagesPerCall: maxImagesPerCall };
}

/**
 * What a list tells of a model.
 * OpenRouter: https://openrouter.ai/docs/api_reference/models, and `max_model_len` of vLLM.
 */
export function fromListed(model: Json): Partial<Capabilities> {
  const { architecture, context_length, max_model_len } = model;
  const { input_modalities, output_modalities } = isObject(architecture) ? architecture : model;
  return {
    inputs: toModalities(input_modalities),
    outputs: toModalities(output_modalities),
    contextWindow: toCount(context_length) ?? toCount(max_model_len),
    ...fromParameters(model.supported_parameters),
  };
}

/** An empty list is of a model of which nothing is known. */
function fromParameters(parameters: unknown): Partial<Capabilities> {
  if (!Array.isArray(parameters) || parameters.length === 0) return {};
  const has = (parameter: string) => parameters.includes(parameter);
  return {
    tools: has('tools'),
    // A model that takes a format may take a schema as one.
    structuredOutput: has('structured_outputs') || (has('response_format') ? null : false),
    reasoning: has('reasoning'),
  };
}

function toModalities(told: unknown): readonly Modality[] | null {
  if (!Array.isArray(told) || told.length === 0) return null;
  return MODALITIES.filter((modality) => told.includes(modality.toLowerCase()));
}

/** Some say 10^30 where they know of no bound; GraphQL's `Int` has 31 bits. */
function toCount(told: unknown): number | null {
  return typeof told === 'number' && Number.isInteger(told) && told > 0 && told < 2 ** 31 ? told : null;
}
