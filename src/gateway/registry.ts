import type { GraphQLError } from 'graphql';
import type { ModelKind, Provider } from '../providers/provider.ts';
import { closestTo } from './closest.ts';
import { badInput, notFound } from './input-errors.ts';
import type { Model } from './model.ts';
import { isMeant, type ModelFilter } from './model-filter.ts';
import { createIndex } from './model-index.ts';

/** The models that a request may mean, in the order in which they are tried. */
export type Candidates = readonly [Model, ...Model[]];

/** How a request names its model: an id, a bare name, an alias, or nothing; in one provider, or in any. */
export interface ModelChoice {
  readonly model?: string | null | undefined;
  readonly provider?: string | null | undefined;
}

export interface RegistryOptions {
  readonly providers: readonly Provider[];
  /** What a request gets that names no model: an id, anything else that names one, or a provider's id for its default. */
  readonly defaults: { readonly chat: string; readonly image: string };
  /** Model ids by a name of the configuration's own, in the order in which they are tried. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
}

/** Which models there are, and which ones a request means. */
export interface Registry {
  readonly providers: readonly Provider[];
  provider(id: string): Provider | undefined;
  model(id: string): Model | undefined;
  /** The defaults first, then by provider. */
  models(filter?: ModelFilter): readonly Model[];
  /** The model that a provider uses for a kind when it is named alone. */
  defaultOf(provider: Provider, kind: ModelKind): Model | undefined;
  /**
   * The models a request means.
   * @throws GraphQLError `MODEL_NOT_FOUND` or `PROVIDER_NOT_FOUND` with the closest names; `BAD_USER_INPUT` for a chat
   * model where a picture is asked for. An image model may answer a chat.
   */
  choose(choice: ModelChoice, kind: ModelKind): Candidates;
  /** The providers whose upstreams may tell of what a choice means, asked once more for their models; none where it is found. */
  unheard(choice: ModelChoice, kind: ModelKind): readonly Provider[];
}

export function createRegistry({ providers, defaults, aliases }: RegistryOptions): Registry {
  const providersById = new Map(providers.map((provider) => [provider.id, provider]));
  const configured = new Map(Object.entries(aliases));
  const index = createIndex(providers, defaults, configured);

  function findProvider(id: string): Provider {
    const found = providersById.get(id);
    if (found) return found;
    const named = providers.map((provider) => [provider.id] as const);
    throw notFound('PROVIDER_NOT_FOUND', `There is no provider '${id}'.`, closestTo(id, named, 3));
  }

  function defaultOf(provider: Provider, kind: ModelKind): Model | undefined {
    const name = kind === 'CHAT' ? provider.defaultModel : provider.defaultImageModel;
    return name === null ? undefined : index().byId.get(`${provider.id}/${name}`);
  }

  function models(filter: ModelFilter = {}): readonly Model[] {
    return index().models.filter((model) => isMeant(model, filter));
  }

  /** By id, by a configured alias, or by a name or alias of the providers', which those that do not work keep for themselves. */
  function named(asked: string, provider: Provider | undefined): readonly Model[] {
    const { byId } = index();
    const ids = byId.has(asked) ? [asked] : configured.get(asked);
    const found = ids
      ? ids.flatMap((id) => byId.get(id) ?? [])
      : models().filter((model) => isCalled(model, asked, provider !== undefined));
    return provider ? found.filter((model) => model.provider === provider) : found;
  }

  const nameOf = ({ model }: ModelChoice, kind: ModelKind) =>
    model ?? (kind === 'CHAT' ? defaults.chat : defaults.image);

  /** The one that is named, or that is the default. */
  function providerOf({ model, provider }: ModelChoice, kind: ModelKind): Provider | undefined {
    if (provider != null) return findProvider(provider);
    const name = nameOf({ model }, kind);
    return model != null || configured.has(name) ? undefined : providersById.get(name);
  }

  function find(choice: ModelChoice, kind: ModelKind): readonly Model[] {
    const provider = providerOf(choice, kind);
    if (choice.model != null || !provider) return named(nameOf(choice, kind), provider);
    return [defaultOf(provider, kind) ?? defaultOf(provider, 'IMAGE') ?? []].flat();
  }

  /** Those that a choice may mean a model of, whether it is there or not. */
  function mayServe(choice: ModelChoice, kind: ModelKind): readonly Provider[] {
    const provider = providerOf(choice, kind);
    if (provider) return [provider];
    const name = nameOf(choice, kind);
    const ids = configured.get(name) ?? [name];
    const prefixes = providers.filter((provider) => ids.some((id) => id.startsWith(`${provider.id}/`)));
    return prefixes.length > 0 ? prefixes : providers.filter(({ working }) => working);
  }

  function nothingFound(choice: ModelChoice, kind: ModelKind): GraphQLError {
    const { model: asked, provider: id } = choice;
    const reasons = mayServe(choice, kind).flatMap(({ modelsProblem }) => modelsProblem ?? []);
    const because = reasons.length > 0 ? ` (${reasons.join('; ')})` : '';
    if (asked == null) return notFound('MODEL_NOT_FOUND', `${withoutDefault(choice, kind)}${because}.`);
    const offered = models({ provider: id, kind: kind === 'IMAGE' ? kind : null });
    const problem = id == null ? `There is no model '${asked}'` : `'${id}' does not offer a model '${asked}'`;
    const names = offered.map((model) => [model.id, model.name, ...model.aliases] as const);
    return notFound('MODEL_NOT_FOUND', `${problem}${because}.`, closestTo(asked, names, id == null ? 3 : 10));
  }

  function withoutDefault(choice: ModelChoice, kind: ModelKind): string {
    const what = `default ${kind === 'IMAGE' ? 'image ' : ''}model`;
    if (choice.provider == null) return `The ${what} '${nameOf(choice, kind)}' is not there`;
    const { id, defaultModel, defaultImageModel } = findProvider(choice.provider);
    const name = kind === 'CHAT' ? defaultModel : defaultImageModel;
    return name === null ? `Provider '${id}' has no ${what}` : `The ${what} '${name}' of provider '${id}' is not there`;
  }

  return {
    providers,
    provider: (id) => providersById.get(id),
    model: (id) => index().byId.get(id),
    models,
    defaultOf,
    choose(choice, kind) {
      const found = find(choice, kind);
      const fitting = found.filter((model) => model.kind === kind);
      const [first, ...others] = fitting.length > 0 || kind === 'IMAGE' ? fitting : found;
      if (first) return [first, ...others];
      if (found[0]) throw badInput('input.model', `'${found[0].id}' is a chat model, expected an image model`);
      throw nothingFound(choice, kind);
    },
    unheard(choice, kind) {
      if (choice.provider != null && !providersById.has(choice.provider)) return [];
      if (find(choice, kind).length > 0) return [];
      return mayServe(choice, kind).filter(({ refreshModels }) => refreshModels);
    },
  };
}

/** By its name or an alias, with its provider in front of it or alone; those that do not work are not called by a name alone. */
function isCalled({ name, aliases, provider }: Model, asked: string, isProviderNamed: boolean): boolean {
  const prefix = `${provider.id}/`;
  if (asked.startsWith(prefix) && aliases.includes(asked.slice(prefix.length))) return true;
  return (isProviderNamed || provider.working) && (name === asked || aliases.includes(asked));
}
