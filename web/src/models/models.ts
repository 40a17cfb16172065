import { computed, signal } from '@preact/signals';
import { request, subscribe } from '../client/client.ts';
import { HealthSubscription, ModelsQuery } from '../client/operations.ts';
import type { ModelsQuery as Models } from '../gql/graphql.ts';

export type Model = Models['models'][number];
export type Provider = Models['providers'][number];

const loaded = signal<Models>({ models: [], providers: [] });

/** Those of one provider stand together. */
export const models = computed(() =>
  [...Map.groupBy(loaded.value.models, ({ provider }) => provider.id).values()].flat(),
);

/** Null while all is well. */
export const modelsProblem = signal<string | null>(null);

/** Why providers have models that are not known yet, by the provider's name. */
export const missingModels = computed(() =>
  loaded.value.providers.flatMap(({ name, modelsProblem: problem }) => (problem == null ? [] : [{ name, problem }])),
);

/** The providers of which one may have the server's default model, which nobody has listed yet. */
export const awaited = computed(() => (defaultModel('CHAT') ? [] : missingModels.value));

/** How soon the list is asked for again while the default model is awaited. */
const AGAIN_MS = 3000;

let again: ReturnType<typeof setTimeout> | undefined;

const providers = computed(() => new Map(loaded.value.providers.map((provider) => [provider.id, provider])));

export const providerOf = ({ provider }: Pick<Model, 'provider'>): Provider | undefined =>
  providers.value.get(provider.id);

export async function loadModels(): Promise<void> {
  const { data, problem } = await request('query', ModelsQuery, {});
  if (data) loaded.value = data;
  modelsProblem.value = data ? null : problem;
  clearTimeout(again);
  if (awaited.value.length > 0) again = setTimeout(loadModels, AGAIN_MS);
}

/** Changes of health arrive by themselves, for as long as the page is open. */
export function followHealth(): void {
  subscribe(
    HealthSubscription,
    {},
    {
      next({ data }) {
        if (!data) return;
        const { id, health } = data.providerHealth;
        const all = loaded.value.providers.map((provider) => (provider.id === id ? { ...provider, health } : provider));
        loaded.value = { ...loaded.value, providers: all };
      },
    },
  );
}

export const defaultModel = (kind: Model['kind']): Model | undefined =>
  models.value.find((model) => model.kind === kind && model.isDefault);

/** What to call it. */
export const nameOf = (id: string | null): string => id ?? defaultModel('CHAT')?.id ?? 'default model';
