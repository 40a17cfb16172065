import type { ModelKind, Provider } from '../providers/provider.ts';
import { closestTo } from './closest.ts';
import { badInput, notFound } from './mistakes.ts';

/** A model of a provider, as it can be asked for. */
export interface Model {
  /** The provider's id, `/`, and the model's name. */
  readonly id: string;
  readonly name: string;
  readonly kind: ModelKind;
  /** The provider's and the configured ones. */
  readonly aliases: readonly string[];
  readonly isDefault: boolean;
  readonly provider: Provider;
}

/** The models that a request may mean, in the order in which they are tried. */
export type Candidates = readonly [Model, ...Model[]];

export interface ModelFilter {
  readonly kind?: ModelKind | null | undefined;
  readonly provider?: string | null | undefined;
  readonly working?: boolean | null | undefined;
}

/** How a request names its model: an id, a bare name, an alias, or nothing; in one provider, or in any. */
export interface ModelChoice {
  readonly model?: string | null | undefined;
  readonly provider?: string | null | undefined;
}

export interface RegistryOptions {
  readonly providers: readonly Provider[];
  /** What a request gets that names no model: an id, or anything else that names one. */
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

  function models({ kind, provider, working }: ModelFilter = {}): readonly Model[] {
    return index().models.filter(
      (model) =>
        (kind == null || model.kind === kind) &&
        (provider == null || model.provider.id === provider) &&
        (working == null || model.provider.working === working),
    );
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

  function meant({ model: asked, provider: id }: ModelChoice, kind: ModelKind): readonly Model[] {
    const provider = id == null ? undefined : findProvider(id);
    if (asked == null && provider) return [defaultOf(provider, kind) ?? defaultOf(provider, 'IMAGE') ?? []].flat();
    const name = asked ?? (kind === 'CHAT' ? defaults.chat : defaults.image);
    const found = named(name, provider);
    if (found.length > 0 || asked == null) return found;
    const offered = models({ provider: id, kind: kind === 'IMAGE' ? kind : null });
    const problem = provider ? `'${id}' does not offer a model '${asked}'.` : `There is no model '${asked}'.`;
    const names = offered.map((model) => [model.id, model.name, ...model.aliases] as const);
    throw notFound('MODEL_NOT_FOUND', problem, closestTo(name, names, provider ? 10 : 3));
  }

  return {
    providers,
    provider: (id) => providersById.get(id),
    model: (id) => index().byId.get(id),
    models,
    defaultOf,
    choose(choice, kind) {
      const found = meant(choice, kind);
      const fitting = found.filter((model) => model.kind === kind);
      const [first, ...others] = fitting.length > 0 || kind === 'IMAGE' ? fitting : found;
      if (first) return [first, ...others];
      if (found[0]) throw badInput('input.model', `'${found[0].id}' is a chat model, expected an image model`);
      const who = choice.provider == null ? 'This server' : `Provider '${choice.provider}'`;
      throw notFound('MODEL_NOT_FOUND', `${who} has no default ${kind === 'IMAGE' ? 'image ' : ''}model.`);
    },
  };
}

/** By its name or an alias, with its provider in front of it or alone; those that do not work are not called by a name alone. */
function isCalled({ name, aliases, provider }: Model, asked: string, isProviderNamed: boolean): boolean {
  const prefix = `${provider.id}/`;
  if (asked.startsWith(prefix) && aliases.includes(asked.slice(prefix.length))) return true;
  return (isProviderNamed || provider.working) && (name === asked || aliases.includes(asked));
}

interface Index {
  readonly models: readonly Model[];
  readonly byId: ReadonlyMap<string, Model>;
}

/** The models of all providers, gathered anew only when a provider has a new list of them. */
function createIndex(
  providers: readonly Provider[],
  defaults: RegistryOptions['defaults'],
  configured: ReadonlyMap<string, readonly string[]>,
): () => Index {
  let gathered: readonly (readonly unknown[])[] = [];
  let index: Index = { models: [], byId: new Map() };
  const defaultIds = [defaults.chat, defaults.image].map((name) => configured.get(name)?.[0] ?? name);

  function toModels(provider: Provider): Model[] {
    return provider.models.map(({ name, kind, aliases: own = [] }) => {
      const id = `${provider.id}/${name}`;
      const others = [...configured].filter(([, ids]) => ids.includes(id)).map(([alias]) => alias);
      return { id, name, kind, aliases: [...own, ...others], isDefault: defaultIds.includes(id), provider };
    });
  }

  return () => {
    const lists = providers.map(({ models }) => models);
    if (lists.length === gathered.length && lists.every((list, at) => list === gathered[at])) return index;
    gathered = lists;
    const all = providers.flatMap(toModels);
    const models = [...all.filter(({ isDefault }) => isDefault), ...all.filter(({ isDefault }) => !isDefault)];
    index = { models, byId: new Map(models.map((model) => [model.id, model])) };
    return index;
  };
}
