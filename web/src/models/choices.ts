import type { Model, Provider } from './models.ts';
import { models, providerOf } from './models.ts';

/** What can be picked: a model, or a name that reaches several. */
export interface Choice {
  /** What is asked for. */
  readonly id: string;
  readonly name: string;
  readonly kind: Model['kind'];
  readonly note: string;
  /** Null for a name that reaches several models. */
  readonly provider: Provider | null;
}

export function choices(): Choice[] {
  return [...models.value.map(toChoice), ...namesOfSeveral()];
}

function toChoice(model: Model): Choice {
  const { id, name, kind, isDefault, aliases } = model;
  const note = [isDefault && 'default', kind === 'IMAGE' && 'pictures', ...aliases].filter((word) => word !== false);
  return { id, name, kind, note: note.join(', '), provider: providerOf(model) ?? null };
}

/** The server tries their models in its order, until one answers. */
function namesOfSeveral(): Choice[] {
  const named = Map.groupBy(
    models.value.flatMap((model) => [model.name, ...model.aliases].map((name) => ({ name, model }))),
    ({ name }) => name,
  );
  return [...named].flatMap(([name, [first, ...others]]) => {
    if (!first || others.length === 0) return [];
    const note = [first, ...others].map(({ model }) => model.id).join(', ');
    return [{ id: name, name, kind: first.model.kind, note, provider: null }];
  });
}

/** Those with all the words: first what is called so, then what is also known so, then all that its provider has. */
export function find(all: readonly Choice[], text: string, only: Model['kind'] | undefined): Choice[] {
  const wanted = text.trim().toLowerCase();
  const has = (names: string) => wanted.split(/\s+/).every((word) => names.toLowerCase().includes(word));
  const rank = ({ id, name, kind, note, provider }: Choice) => {
    if (id === wanted || name.toLowerCase() === wanted) return 4;
    if (has(id)) return 3;
    if (has(`${id} ${note}`)) return 2;
    return has(`${id} ${kind} ${note} ${provider?.name}`) ? 1 : 0;
  };
  return all
    .filter((choice) => (only === undefined || choice.kind === only) && rank(choice) > 0)
    .sort((one, other) => rank(other) - rank(one));
}

/** Neighbours of one provider together. */
export function byProvider(found: readonly Choice[]): (readonly Choice[])[] {
  const groups: Choice[][] = [];
  for (const choice of found) {
    const last = groups.at(-1);
    if (last && last[0]?.provider === choice.provider) last.push(choice);
    else groups.push([choice]);
  }
  return groups;
}
