import type { Provider } from '../providers/provider.ts';

/** What models are called that are not told apart. */
export const OTHER = 'other';
/** Of a provider; those that are called first have their names. */
const MAX_MODELS = 100;
/** That answer for one model, such as its dated versions. */
const MAX_ANSWERING = 10;
const MAX_LENGTH = 200;

/** The names of models as labels. They are of the provider's own list, and bounded whatever an upstream lists or says. */
export interface ModelLabels {
  requested(provider: Provider, name: string): string;
  /** @param told by the upstream; null where it says nothing */
  answering(provider: Provider, requested: string, told: string | null): string;
}

export function createModelLabels(): ModelLabels {
  const requested = new Map<string, Set<string>>();
  const answering = new Map<string, Set<string>>();

  /** A name keeps its label when it goes from the list, as what was counted under it stays. */
  function bounded(names: Map<string, Set<string>>, key: string, most: number, { models }: Provider, name: string) {
    const known = names.get(key) ?? new Set<string>();
    if (known.has(name)) return name;
    if (known.size >= most || name.length > MAX_LENGTH || !models.some((model) => model.name === name)) return OTHER;
    names.set(key, known.add(name));
    return name;
  }

  return {
    requested: (provider, name) => bounded(requested, provider.id, MAX_MODELS, provider, name),
    answering(provider, name, told) {
      if (told === null || told === name) return name;
      return bounded(answering, `${provider.id}/${name}`, MAX_ANSWERING, provider, told);
    },
  };
}
