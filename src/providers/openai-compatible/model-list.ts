import { mergeCapabilities } from '../capabilities.ts';
import { ProviderError } from '../errors.ts';
import { isObject } from '../http/json.ts';
import type { ProviderModel } from '../provider.ts';
import { fromListed, ofDialect } from './capabilities.ts';
import { toModelUse } from './model-use.ts';
import type { OpenAiOptions } from './options.ts';

/** A model as the configuration has it, with what is known of it. */
export function fromConfiguredModel(
  { name, kind, aliases, ...model }: ConfiguredModel,
  options: OpenAiOptions,
): ProviderModel {
  const known = ofDialect({ ...options, kind, sizes: model.sizes ?? options.sizes });
  return { name, kind, aliases, capabilities: mergeCapabilities(model.capabilities, known) };
}

type ConfiguredModel = Exclude<OpenAiOptions['models'], string>[number];

/** The models of a list that chat or draw, each once. @throws ProviderError `BAD_RESPONSE` for what is no list. */
export function fromModelList(said: unknown, name: string, options: OpenAiOptions): ProviderModel[] {
  const models = toList(said, name).flatMap((model) => toModel(model, options));
  return [...new Map(models.map((model) => [model.name, model])).values()];
}

/** Together sends the bare list, Ollama `null` for an empty one; some have it under `models`. */
function toList(said: unknown, name: string): readonly unknown[] {
  const { data, models } = isObject(said) ? said : {};
  const list = data === null ? [] : (data ?? models ?? said);
  if (!Array.isArray(list)) throw new ProviderError('BAD_RESPONSE', `${name} sent no list of models`);
  return list;
}

function toModel(model: unknown, options: OpenAiOptions): ProviderModel[] {
  const name = isObject(model) ? (model.id ?? model.name) : null;
  if (!isObject(model) || typeof name !== 'string' || name === '') return [];
  const kind = toModelUse(model, name);
  if (kind === null) return [];
  const capabilities = mergeCapabilities(fromListed(model), ofDialect({ ...options, kind }));
  return [{ name, kind, capabilities }];
}
