import { builder } from './builder.ts';
import { Modality, ModelCapabilities } from './capabilities.ts';

export const ModelKind = builder.enumType('ModelKind', {
  description: 'What a model answers with.',
  values: {
    CHAT: { description: 'Text, and with some models pictures.' },
    IMAGE: { description: 'Pictures only. In a chat it answers with a `ChatImage`.' },
  } as const,
});

builder.objectType('Model', {
  description: 'A model of one provider. A model that two providers serve is there twice.',
  fields: (t) => ({
    id: t.exposeID('id', {
      description: "The provider's id, a slash, and the upstream's own name: `websim/gemini-1.5-pro`.",
    }),
    name: t.exposeString('name', { description: "The upstream's own name: `gemini-1.5-pro`." }),
    kind: t.expose('kind', { type: ModelKind, description: 'What it answers with.' }),
    aliases: t.exposeStringList('aliases', { description: 'Other names that reach it.' }),
    isDefault: t.exposeBoolean('isDefault', {
      description: 'Whether an input that names no model gets this one, for its kind.',
    }),
    capabilities: t.expose('capabilities', {
      type: ModelCapabilities,
      description: 'What it can be asked for, as far as that is known.',
    }),
    provider: t.expose('provider', { type: 'Provider', description: 'Who serves it.' }),
  }),
});

builder.queryFields((t) => ({
  models: t.field({
    type: ['Model'],
    description:
      'Every model that can be asked for, one entry for each provider that serves it. The default first, then by provider.',
    args: {
      kind: t.arg({ type: ModelKind, description: 'Only models of this kind.' }),
      provider: t.arg.id({ description: 'Only models of the provider with this id.' }),
      working: t.arg.boolean({
        description: 'Only models of providers that are claimed to work, or only of those that are not.',
      }),
      inputs: t.arg({
        type: [Modality],
        description: 'Only models into which all of these are known to go.',
      }),
      tools: t.arg.boolean({
        description: 'Only models that are known to call tools, or only the others.',
      }),
      structuredOutput: t.arg.boolean({
        description: 'Only models that are known to answer in JSON that keeps to a schema, or only the others.',
      }),
    },
    resolve: (_root, filter, { gateway }) => gateway.models(filter),
  }),
  model: t.field({
    type: 'Model',
    nullable: true,
    description: 'The model with this id; null if there is none.',
    args: { id: t.arg.id({ required: true, description: 'A `Model.id`, such as `local/eliza`.' }) },
    resolve: (_root, { id }, { gateway }) => gateway.model(id),
  }),
}));
