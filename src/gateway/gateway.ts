import { randomUUID } from 'node:crypto';
import type { ModelKind, Provider } from '../providers/provider.ts';
import type { CallObserver } from './call-observer.ts';
import type { CallContext, Caller } from './caller.ts';
import { type ChatAnswer, collectChat } from './chat/chat-answer.ts';
import { type ChatDirectory, createChatDirectory } from './chat/chat-directory.ts';
import type { ChatEvent, ChatFailed } from './chat/chat-event.ts';
import { type ChatRequest, checkProviderOptions, checkSchemas } from './chat/chat-request.ts';
import { fitCandidates } from './chat/fit-candidates.ts';
import { toMessages } from './chat/messages.ts';
import { openChat } from './chat/open-chat.ts';
import { type Chat, runChat, type Write } from './chat/run-chat.ts';
import type { ChatLimits } from './chat/running-chat.ts';
import { createStructuredAnswer } from './chat/structured-answer.ts';
import type { ReportBug } from './failure.ts';
import { createGatewayStats, type GatewayStats } from './gateway-stats.ts';
import type { ProviderHealth } from './health.ts';
import { createHealthChanges } from './health-changes.ts';
import { fitImageJob, type ImageJob, type ImageResult, makeImages } from './image/images.ts';
import type { JsonSchemas } from './json-schemas.ts';
import { waitForModel } from './late-models.ts';
import { type MediaSources, openChatMedia } from './media/chat-media.ts';
import type { ListedModel, Model } from './model.ts';
import {
  type AccessOptions,
  createProviderAccesses,
  type OtherCallers,
  type ProviderAccess,
} from './provider-access.ts';
import type { ModelChoice, Registry } from './registry.ts';

export type ImageRequest = Omit<ImageJob, 'candidates'> & ModelChoice;

/** All that lies between a request and the providers. Mistakes of the caller are thrown as `GraphQLError`, before anything starts. */
export interface Gateway extends Registry {
  /** The model that an answer or an attempt tells of, though it may have gone since, and its provider too. */
  modelOf(listed: ListedModel): Model;
  health(provider: Provider): ProviderHealth;
  /** The way to a provider, to see how it fares and how busy it is. */
  access(provider: Provider): Pick<ProviderAccess, 'health' | 'load'>;
  /** The providers, each time that their health changes, until the signal aborts. */
  healthChanges(signal: AbortSignal): AsyncIterableIterator<Provider, void, void>;
  /** Ends them for everyone: there is no last change to wait for. */
  stopHealthChanges(): void;
  /**
   * Starts a chat, or joins the one that has this id. With `after` it only joins: the events from the first one after it.
   * Whoever starts one waits until all that it needs is there: lists of models, schemas, media.
   */
  streamChat(
    request: ChatRequest,
    caller: Caller,
    after?: number,
  ): Promise<AsyncIterableIterator<ChatEvent, void, void>>;
  /** @throws the caller's signal's reason when the caller has left. */
  completeChat(request: ChatRequest, caller: Caller): Promise<ChatAnswer | ChatFailed>;
  /** @throws the caller's signal's reason when the caller has left. */
  generateImages(request: ImageRequest, caller: Caller): Promise<ImageResult>;
  /** Ends a chat for all who read it. False if there is none that this owner may stop. */
  cancelChat(id: string, owner: string): boolean | Promise<boolean>;
  /** For all that begins from now on. What runs goes on as it began. */
  configure(setup: GatewaySetup): void;
}

/** What a configuration makes of a gateway. */
export interface GatewaySetup {
  readonly registry: Registry;
  /** How many calls a provider takes at once, and how often one is tried. */
  accessOptionsOf(provider: Provider): AccessOptions;
  readonly chatLimits: ChatLimits & Pick<Chat, 'maxContinuationBytes'>;
  readonly media: MediaSources;
  /** Keeps all of this open, for a chat that has begun, until the function that is returned is called. */
  retain(): () => void;
}

/** What a gateway has as long as it lives. */
export interface GatewayOptions {
  readonly jsonSchemas: JsonSchemas;
  readonly reportBug: ReportBug;
  /** The chats that run. @default those of this process */
  readonly chats?: ChatDirectory;
  /** Other processes that call the same upstreams. */
  readonly others?: OtherCallers;
  /** Who see every call of a provider. */
  readonly observers?: readonly CallObserver[];
  /** Where is counted what happens. */
  readonly stats?: GatewayStats;
}

export function createGateway(
  {
    jsonSchemas,
    reportBug,
    chats = createChatDirectory(),
    others,
    observers = [],
    stats = createGatewayStats(),
  }: GatewayOptions,
  first: GatewaySetup,
): Gateway {
  const changes = createHealthChanges();
  const accesses = createProviderAccesses({ observers, onChange: changes.changed, others });
  /** By their ids, those that have gone too: their answers are still read. */
  const known = new Map<string, Provider>();
  let setup = first;

  function configure(next: GatewaySetup): void {
    for (const provider of next.registry.providers) {
      accesses.add(provider, next.accessOptionsOf(provider));
      known.set(provider.id, provider);
    }
    setup = next;
  }

  /** Another node may have one that this one never had. */
  function providerOf(id: string): Provider {
    const provider = known.get(id) ?? unknownProvider(id);
    known.set(id, provider);
    accesses.add(provider, UNKNOWN_OPTIONS);
    return provider;
  }

  const contextOf = ({ trace, requestId }: Caller, signal: AbortSignal): CallContext => {
    return { signal, trace, reportBug: (error) => reportBug(error, requestId), stats, accessOf: accesses.of };
  };

  /** Does it by the configuration of now, to its end. */
  async function withSetup<T>(work: (setup: GatewaySetup) => Promise<T>): Promise<T> {
    const current = setup;
    const release = current.retain();
    return work(current).finally(release);
  }

  /** Who comes back has a chat, or has lost it: nothing that is asked of it changes that. */
  function streamChat(input: ChatRequest, caller: Caller, after?: number) {
    const { id = randomUUID() } = input;
    const { owner } = caller;
    const isResumable = input.id !== undefined;
    let isNew = false;
    const toRun =
      (chat: Omit<Chat, 'from'>, setup: GatewaySetup) => (signal: AbortSignal, write: Write, from: number) => {
        isNew = true;
        const release = setup.retain();
        return runChat({ ...chat, from }, contextOf(caller, signal), write).finally(release);
      };
    const revive = (signal: AbortSignal) =>
      withSetup(async (setup) => toRun(await prepare(input, id, { ...caller, signal }, setup), setup));
    return withSetup(async (setup) => {
      const { chatLimits: limits } = setup;
      const isAsked = after === undefined && !(isResumable && (await chats.has(owner, id)));
      const chat = isAsked ? await prepare(input, id, caller, setup) : undefined;
      const start = chat && { limits, isResumable, stats, run: toRun(chat, setup) };
      const copy = { limits, stats, revive: input.onFailure === 'RESTART' ? revive : undefined };
      const opened = await openChat(chats, { owner, id, isResumable, input, after }, start, copy);
      if (!isNew) stats.resumed++;
      return opened.join(caller, after);
    });
  }

  /** All that may be refused, or take its time, before a chat starts. */
  async function prepare(
    input: ChatRequest,
    id: string,
    caller: Caller,
    { registry, media, chatLimits }: GatewaySetup,
  ): Promise<Omit<Chat, 'from'>> {
    const { id: _id, model: _model, provider: _provider, providerOptions, onFailure, ...options } = input;
    const asked = { ...options, messages: toMessages(input.messages) };
    await checkSchemas(asked, jsonSchemas);
    await seek(registry, input, 'CHAT', caller);
    const candidates = fitCandidates(registry.choose(input, 'CHAT'), asked);
    checkProviderOptions(candidates, providerOptions);
    const { owner, signal } = caller;
    const { messages } = asked;
    const opened = await openChatMedia(media, { messages, owner, model: candidates[0], signal });
    return {
      id,
      candidates,
      asked: { ...asked, messages: opened?.messages ?? messages },
      messagesFor: opened?.messagesFor,
      providerOptions,
      onFailure,
      structured: createStructuredAnswer(asked.responseFormat, jsonSchemas),
      maxContinuationBytes: chatLimits.maxContinuationBytes,
    };
  }

  configure(first);
  return {
    get providers() {
      return setup.registry.providers;
    },
    provider: (id) => setup.registry.provider(id),
    model: (id) => setup.registry.model(id),
    models: (filter) => setup.registry.models(filter),
    defaultOf: (provider, kind) => setup.registry.defaultOf(provider, kind),
    choose: (choice, kind) => setup.registry.choose(choice, kind),
    unheard: (choice, kind) => setup.registry.unheard(choice, kind),
    modelOf: ({ providerId, ...model }) => ({ ...model, provider: providerOf(providerId) }),
    health: (provider) => accesses.of(provider).health.current,
    access: accesses.of,
    healthChanges: changes.listen,
    stopHealthChanges: changes.stop,
    streamChat,
    cancelChat(id, owner) {
      const isCancelled = chats.cancel(owner, id);
      if (isCancelled) stats.cancelled++;
      return isCancelled;
    },
    async completeChat(request, caller) {
      return collectChat(await streamChat(request, caller), caller.signal);
    },
    generateImages({ model, provider, ...request }, caller) {
      return withSetup(async ({ registry }) => {
        await seek(registry, { model, provider }, 'IMAGE', caller);
        const candidates = registry.choose({ model, provider }, 'IMAGE');
        return makeImages(fitImageJob({ ...request, candidates }), caller, contextOf(caller, caller.signal));
      });
    },
    configure,
  };
}

function seek(registry: Registry, choice: ModelChoice, kind: ModelKind, { signal }: Caller): Promise<void> {
  return waitForModel(() => registry.unheard(choice, kind), signal);
}

/** What can be said of a provider that only another node has. */
function unknownProvider(id: string): Provider {
  return {
    id,
    name: id,
    url: null,
    working: false,
    needsAuth: false,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    models: [],
    defaultModel: null,
    defaultImageModel: null,
  };
}

/** It is never called. */
const UNKNOWN_OPTIONS: AccessOptions = { attempts: 1, maxConcurrent: null, maxQueued: 0, queueTimeoutMs: 1 };
