import type { ProviderHealth } from '../gateway/health.ts';
import { builder } from './builder.ts';
import { FailureCode } from './failure.ts';
import { ModelKind } from './model.ts';

const HealthStatus = builder.enumType('HealthStatus', {
  description: 'What the last calls of a provider ended in.',
  values: {
    UNKNOWN: { description: 'It has not been called yet.' },
    HEALTHY: { description: 'The last call succeeded.' },
    DEGRADED: { description: 'The last call failed, or the last two.' },
    DOWN: {
      description:
        'The last three calls failed, or more, of each of its models, or by its connection or our key: where a name reaches several providers, it is tried last.',
    },
  } as const,
});

const ProviderHealthRef = builder.objectRef<ProviderHealth>('ProviderHealth').implement({
  description: 'What was seen of a provider since this server started, from the calls that were made anyway.',
  fields: (t) => ({
    status: t.expose('status', {
      type: HealthStatus,
      description: 'The short of it. `UNKNOWN` before the first call.',
    }),
    consecutiveFailures: t.exposeInt('consecutiveFailures', { description: 'Failures since the last success.' }),
    lastSuccessAt: t.expose('lastSuccessAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null if no call succeeded yet.',
    }),
    lastFailureAt: t.expose('lastFailureAt', {
      type: 'DateTime',
      nullable: true,
      description: 'Null if no call failed yet.',
    }),
    firstPartP50Ms: t.exposeInt('firstPartP50Ms', {
      nullable: true,
      description:
        'The median time to the first part of an answer, in milliseconds, over the last hundred; null before.',
    }),
    retryAt: t.expose('retryAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When a provider that is down gets one try in its old place; until then others come first.',
    }),
    lastFailure: t.expose('lastFailure', {
      type: FailureCode,
      nullable: true,
      description: 'Why the last failed call failed.',
    }),
  }),
});

builder.objectType('Provider', {
  description: 'A way to one service behind this server.',
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The first part of the ids of its models: `websim`.' }),
    name: t.exposeString('name', { description: 'Its name for people: `Websim`.' }),
    url: t.exposeString('url', { nullable: true, description: "The service's own page; null if there is none." }),
    working: t.exposeBoolean('working', {
      description:
        'What is claimed of it, by its authors or the configuration. One that is not working is tried only when it is named.',
    }),
    health: t.field({
      type: ProviderHealthRef,
      description: 'What was seen of it.',
      resolve: (provider, _args, { gateway }) => gateway.health(provider),
    }),
    needsAuth: t.exposeBoolean('needsAuth', { description: 'Whether it works only with a key.' }),
    supportsStream: t.exposeBoolean('supportsStream', {
      description: 'Whether answers arrive in pieces; otherwise as one delta.',
    }),
    supportsSystemMessage: t.exposeBoolean('supportsSystemMessage', {
      description:
        'Whether it knows system messages. Otherwise they are a line of the prompt, or, with `local`, not read.',
    }),
    supportsMessageHistory: t.exposeBoolean('supportsMessageHistory', {
      description: 'Whether it looks at more than the last message.',
    }),
    defaultModel: t.field({
      type: 'Model',
      nullable: true,
      description: 'What a chat gets that names only this provider. Null if it has no chat.',
      resolve: (provider, _args, { gateway }) => gateway.defaultOf(provider, 'CHAT'),
    }),
    defaultImageModel: t.field({
      type: 'Model',
      nullable: true,
      description: 'What a picture gets that names only this provider. Null if it makes none.',
      resolve: (provider, _args, { gateway }) => gateway.defaultOf(provider, 'IMAGE'),
    }),
    modelsProblem: t.string({
      nullable: true,
      description:
        'Why some of its models may be missing, for people: its server did not answer when it was asked for them, or has ' +
        'not done so yet. It is asked again and again. Null while all of them are known.',
      resolve: ({ modelsProblem }) => modelsProblem ?? null,
    }),
    models: t.field({
      type: ['Model'],
      description: 'Its models.',
      args: { kind: t.arg({ type: ModelKind, description: 'Only models of this kind.' }) },
      resolve: (provider, { kind }, { gateway }) => gateway.models({ kind, provider: provider.id }),
    }),
  }),
});

builder.queryFields((t) => ({
  providers: t.field({
    type: ['Provider'],
    description: 'Every provider that is switched on.',
    resolve: (_root, _args, { gateway }) => gateway.providers,
  }),
  provider: t.field({
    type: 'Provider',
    nullable: true,
    description: 'The provider with this id; null if there is none.',
    args: { id: t.arg.id({ required: true, description: 'A `Provider.id`, such as `websim`.' }) },
    resolve: (_root, { id }, { gateway }) => gateway.provider(id),
  }),
}));

builder.subscriptionField('providerHealth', (t) =>
  t.field({
    type: 'Provider',
    description: 'A provider each time that its health changes.',
    subscribe: (_root, _args, { gateway, caller }) => gateway.healthChanges(caller.signal),
    resolve: (provider) => provider,
  }),
);
