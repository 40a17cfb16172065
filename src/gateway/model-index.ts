import { type Capabilities, mergeCapabilities } from '../providers/capabilities.ts';
import type { Provider, ProviderModel } from '../providers/provider.ts';
import type { Model } from './model.ts';

interface Index {
  readonly models: readonly Model[];
  readonly byId: ReadonlyMap<string, Model>;
}

/** The models of all providers, gathered anew only when a provider has a new list of them. */
export function createIndex(
  providers: readonly Provider[],
  defaults: { readonly chat: string; readonly image: string },
  configured: ReadonlyMap<string, readonly string[]>,
): () => Index {
  let gathered: readonly (readonly unknown[])[] = [];
  let index: Index = { models: [], byId: new Map() };

  /** A provider that is named alone stands for its own default. */
  function toId(name: string, own: 'defaultModel' | 'defaultImageModel'): string {
    const alone = providers.find(({ id }) => id === name);
    return configured.get(name)?.[0] ?? (alone ? `${name}/${alone[own]}` : name);
  }

  function toModels(provider: Provider): Model[] {
    const defaultIds = [toId(defaults.chat, 'defaultModel'), toId(defaults.image, 'defaultImageModel')];
    return provider.models.map((model) => {
      const { name, kind, aliases: own = [] } = model;
      const capabilities = capabilitiesOf(model);
      const id = `${provider.id}/${name}`;
      const others = [...configured].filter(([, ids]) => ids.includes(id)).map(([alias]) => alias);
      const isDefault = defaultIds.includes(id);
      return { id, name, kind, aliases: [...own, ...others], isDefault, capabilities, provider };
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

/** An image model gets a prompt and nothing else, whatever it may do elsewhere. */
function capabilitiesOf({ kind, capabilities }: ProviderModel): Capabilities {
  return kind === 'IMAGE' ? mergeCapabilities(PROMPT_TO_IMAGE, capabilities) : mergeCapabilities(capabilities);
}

const PROMPT_TO_IMAGE: Partial<Capabilities> = {
  options: [],
  inputs: ['TEXT'],
  outputs: ['IMAGE'],
  tools: false,
  structuredOutput: false,
  reasoning: false,
};
