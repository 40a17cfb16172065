import { mergeCapabilities } from '../capabilities.ts';
import { ProviderError } from '../errors.ts';
import { isObject, type Json } from '../http/json.ts';
import type { ProviderModel } from '../provider.ts';
import { fromListed, ofServer, withFiles } from './capabilities.ts';
import type { Catalogue } from './catalogue.ts';
import { toModelUse } from './model-use.ts';
import type { OpenAiOptions } from './options.ts';
import { fromResponsesModel } from './responses-models.ts';

/** A model as a server lists it. */
export interface ModelEntry {
  readonly name: string;
  readonly told: Json;
}

export type ConfiguredModel = Exclude<OpenAiOptions['models'], string>[number];

/** A model as the configuration has it, with what is known of it. */
export function fromConfiguredModel(
  { name, kind, aliases, ...model }: ConfiguredModel,
  options: OpenAiOptions,
  catalogue: Catalogue,
): ProviderModel {
  const configured = model.capabilities;
  const server = { ...options, kind, sizes: model.sizes ?? options.sizes };
  const others = [withFiles(catalogue(name), server), ofServer(server)];
  if (kind === 'CHAT' && options.api === 'responses') {
    return { name, kind, aliases, capabilities: fromResponsesModel(name, { configured, others }) };
  }
  return { name, kind, aliases, capabilities: mergeCapabilities(configured, ...others) };
}

/** The models of a list. @throws ProviderError `BAD_RESPONSE` for what is no list. */
export function readModelList(said: unknown, server: string): readonly ModelEntry[] {
  return toList(said, server).flatMap((told) => {
    const name = isObject(told) ? (told.id ?? told.name) : null;
    return isObject(told) && typeof name === 'string' && name !== '' ? [{ name, told }] : [];
  });
}

/** Together sends the bare list, Ollama `null` for an empty one; xAI and others have it under `models`. */
function toList(said: unknown, server: string): readonly unknown[] {
  const { data, models } = isObject(said) ? said : {};
  const list = data === null ? [] : (data ?? models ?? said);
  if (!Array.isArray(list)) throw new ProviderError('BAD_RESPONSE', `${server} sent no list of models`);
  if (list !== data || !Array.isArray(models)) return list;
  // llama.cpp has the list twice, and tells other things in each.
  const twins = new Map(models.filter(isObject).map((model) => [model.model, model]));
  return list.map((model) => (isObject(model) ? { ...twins.get(model.id), ...model } : model));
}

/** Those of a list that chat or draw, each once. */
export function fromListedModels(
  listed: readonly ModelEntry[],
  options: OpenAiOptions,
  catalogue: Catalogue,
): ProviderModel[] {
  const models = listed.flatMap(({ name, told }): ProviderModel[] => {
    const kind = toModelUse(told, name);
    if (kind === null) return [];
    const server = { ...options, kind };
    const listed = withFiles(fromListed(told), server);
    const others = [kind === 'CHAT' ? withFiles(catalogue(name), server) : {}, ofServer(server)];
    if (kind === 'CHAT' && options.api === 'responses') {
      return [{ name, kind, capabilities: fromResponsesModel(name, { listed, others }) }];
    }
    return [{ name, kind, capabilities: mergeCapabilities(listed, ...others) }];
  });
  return [...new Map(models.map((model) => [model.name, model])).values()];
}
