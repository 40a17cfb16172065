import { distance } from 'fastest-levenshtein';
import type { ModelKind, Provider } from '../providers/provider.ts';
import { badInput, mistake } from './mistakes.ts';

/** A model of a provider, as it can be asked for. */
export interface Model {
  /** The provider's id, `/`, and the model's name. */
  readonly id: string;
  readonly name: string;
  readonly kind: ModelKind;
  readonly aliases: readonly string[];
  readonly isDefault: boolean;
  readonly provider: Provider;
}

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

/** The ids of the models that a request gets which names none. */
export interface DefaultModels {
  readonly chat: string;
  readonly image: string;
}

/** Which models there are, and which one a request means. */
export interface Registry {
  readonly providers: readonly Provider[];
  provider(id: string): Provider | undefined;
  model(id: string): Model | undefined;
  /** The defaults first, then by provider. */
  models(filter?: ModelFilter): readonly Model[];
  /** The model that a provider uses for a kind when it is named alone. */
  defaultOf(provider: Provider, kind: ModelKind): Model | undefined;
  /**
   * The model a request means.
   * @throws GraphQLError `MODEL_NOT_FOUND` or `PROVIDER_NOT_FOUND` with the closest names; `BAD_USER_INPUT` for a chat
   * model where a picture is asked for. An image model may answer a chat.
   */
  choose(choice: ModelChoice, kind: ModelKind): Model;
}

export function createRegistry(providers: readonly Provider[], defaults: DefaultModels): Registry {
  const all = providers.flatMap((provider) => toModels(provider, defaults));
  const ordered = [...all.filter(({ isDefault }) => isDefault), ...all.filter(({ isDefault }) => !isDefault)];
  const byId = new Map(ordered.map((model) => [model.id, model]));
  const providersById = new Map(providers.map((provider) => [provider.id, provider]));

  const registry: Registry = {
    providers,
    provider: (id) => providersById.get(id),
    model: (id) => byId.get(id),
    models: ({ kind, provider, working } = {}) =>
      ordered.filter(
        (model) =>
          (kind == null || model.kind === kind) &&
          (provider == null || model.provider.id === provider) &&
          (working == null || model.provider.working === working),
      ),
    defaultOf(provider, kind) {
      const name = kind === 'CHAT' ? provider.defaultModel : provider.defaultImageModel;
      return name === null ? undefined : byId.get(`${provider.id}/${name}`);
    },
    choose(choice, kind) {
      const provider = choice.provider == null ? undefined : findProvider(choice.provider);
      const found = choice.model == null ? findDefault(provider, kind) : findModel(choice.model, provider, kind);
      if (kind === 'IMAGE' && found.kind === 'CHAT') {
        throw badInput('input.model', `'${found.id}' is a chat model, expected an image model`);
      }
      return found;
    },
  };

  function findProvider(id: string): Provider {
    const found = providersById.get(id);
    if (found) return found;
    const closest = closestTo(
      id,
      providers.map((provider) => [provider.id]),
      3,
    );
    throw mistake('PROVIDER_NOT_FOUND', `There is no provider '${id}'. ${listed('The closest', closest)}`, { closest });
  }

  function findDefault(provider: Provider | undefined, kind: ModelKind): Model {
    const found = provider
      ? (registry.defaultOf(provider, kind) ?? registry.defaultOf(provider, 'IMAGE'))
      : byId.get(kind === 'CHAT' ? defaults.chat : defaults.image);
    if (found) return found;
    const who = provider ? `Provider '${provider.id}'` : 'This server';
    const what = kind === 'CHAT' ? 'default model' : 'default image model';
    throw mistake('MODEL_NOT_FOUND', `${who} has no ${what}.`, { closest: [] });
  }

  /** A bare name or an alias reaches a provider that is not working only when the provider is named too. */
  function findModel(asked: string, provider: Provider | undefined, kind: ModelKind): Model {
    const exact = byId.get(asked);
    if (exact && (!provider || exact.provider === provider)) return exact;
    const offered = registry.models({ provider: provider?.id });
    const named = offered.filter(
      ({ name, aliases, ...model }) =>
        (name === asked || aliases.includes(asked)) && (provider !== undefined || model.provider.working),
    );
    const found = named.find((model) => model.kind === kind) ?? named[0];
    if (found) return found;
    const closest = closestTo(
      asked,
      offered
        .filter((model) => kind === 'CHAT' || model.kind === kind)
        .map(({ id, name, aliases }) => [id, name, ...aliases]),
      provider ? 10 : 3,
    );
    const problem = provider ? `'${provider.id}' does not offer a model '${asked}'.` : `There is no model '${asked}'.`;
    throw mistake('MODEL_NOT_FOUND', `${problem} ${listed('The closest', closest)}`, { closest });
  }

  return registry;
}

function toModels(provider: Provider, defaults: DefaultModels): Model[] {
  return provider.models.map(({ name, kind, aliases = [] }) => {
    const id = `${provider.id}/${name}`;
    const isDefault = id === (kind === 'CHAT' ? defaults.chat : defaults.image);
    return { id, name, kind, aliases, isDefault, provider };
  });
}

/** Of things with several names each, the first names of those that come closest to `asked` with any of them. */
function closestTo(asked: string, candidates: readonly (readonly [string, ...string[]])[], count: number): string[] {
  const wanted = asked.toLowerCase();
  return candidates
    .map((names) => ({ name: names[0], far: Math.min(...names.map((name) => distance(wanted, name.toLowerCase()))) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ name }) => name);
}

function listed(what: string, names: readonly string[]): string {
  return `${what}: ${names.map((name) => `'${name}'`).join(', ')}.`;
}
