import { randomUUID } from 'node:crypto';
import type { ModelKind, Provider } from '../providers/provider.ts';
import type { CallObserver } from './call-observer.ts';
import type { CallContext, Caller } from './caller.ts';
import { type ChatAnswer, collectChat } from './chat/chat-answer.ts';
import { createChatDirectory } from './chat/chat-directory.ts';
import type { ChatEvent, ChatFailed } from './chat/chat-event.ts';
import { type ChatRequest, checkProviderOptions, checkSchemas } from './chat/chat-request.ts';
import { fitCandidates } from './chat/fit-candidates.ts';
import { toMessages } from './chat/messages.ts';
import { openChat } from './chat/open-chat.ts';
import { type Chat, runChat, type Write } from './chat/run-chat.ts';
import { type ChatLimits, startChat } from './chat/running-chat.ts';
import { createStructuredAnswer } from './chat/structured-answer.ts';
import type { ReportBug } from './failure.ts';
import type { ProviderHealth } from './health.ts';
import { createHealthChanges } from './health-changes.ts';
import { fitImageJob, type ImageJob, type ImageResult, makeImages } from './image/images.ts';
import type { JsonSchemas } from './json-schemas.ts';
import { waitForModel } from './late-models.ts';
import { type MediaSources, openChatMedia } from './media/chat-media.ts';
import { type AccessOptions, createProviderAccess } from './provider-access.ts';
import { createRegistry, type ModelChoice, type Registry, type RegistryOptions } from './registry.ts';

export type ImageRequest = Omit<ImageJob, 'candidates'> & ModelChoice;

/** All that lies between a request and the providers. Mistakes of the caller are thrown as `GraphQLError`, before anything starts. */
export interface Gateway extends Registry {
  health(provider: Provider): ProviderHealth;
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
  cancelChat(id: string, owner: string): boolean;
}

export interface GatewayOptions extends RegistryOptions {
  /** How many calls a provider takes at once, and how often one is tried. */
  accessOptionsOf(provider: Provider): AccessOptions;
  readonly chatLimits: ChatLimits & Pick<Chat, 'maxContinuationBytes'>;
  readonly jsonSchemas: JsonSchemas;
  readonly media: MediaSources;
  readonly reportBug: ReportBug;
  /** Who see every call of a provider. */
  readonly observers?: readonly CallObserver[];
}

export function createGateway({
  accessOptionsOf,
  chatLimits,
  jsonSchemas,
  media,
  reportBug,
  observers = [],
  ...options
}: GatewayOptions): Gateway {
  const registry = createRegistry(options);
  const changes = createHealthChanges();
  const accesses = new Map(
    options.providers.map((provider) => [
      provider,
      createProviderAccess(provider, accessOptionsOf(provider), observers, () => changes.changed(provider)),
    ]),
  );

  function accessOf(provider: Provider) {
    const access = accesses.get(provider);
    if (!access) throw new Error(`No access to provider '${provider.id}'`);
    return access;
  }

  const contextOf = ({ trace }: Caller, signal: AbortSignal): CallContext => ({ signal, trace, reportBug, accessOf });
  const chats = createChatDirectory();

  /** Who comes back has a chat, or has lost it: nothing that is asked of it changes that. */
  async function streamChat(input: ChatRequest, caller: Caller, after?: number) {
    const { id = randomUUID() } = input;
    const { owner } = caller;
    const isResumable = input.id !== undefined;
    const isAsked = after === undefined && !chats.has(owner, id);
    const chat = isAsked ? await prepare(input, id, caller) : undefined;
    const start = (chat: Chat) => (onEnd: () => void) => {
      const run = (signal: AbortSignal, write: Write) => runChat(chat, contextOf(caller, signal), write);
      return startChat({ limits: chatLimits, isResumable, run, onEnd });
    };
    return openChat(chats, { owner, id, isResumable, input, after }, chat && start(chat)).join(caller, after);
  }

  /** All that may be refused, or take its time, before a chat starts. */
  async function prepare(input: ChatRequest, id: string, caller: Caller): Promise<Chat> {
    const { id: _id, model: _model, provider: _provider, providerOptions, onFailure, ...options } = input;
    const asked = { ...options, messages: toMessages(input.messages) };
    await checkSchemas(asked, jsonSchemas);
    await seek(input, 'CHAT', caller);
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

  const seek = (choice: ModelChoice, kind: ModelKind, { signal }: Caller) =>
    waitForModel(() => registry.unheard(choice, kind), signal);

  return {
    ...registry,
    health: (provider) => accessOf(provider).health.current,
    healthChanges: changes.listen,
    stopHealthChanges: changes.stop,
    streamChat,
    cancelChat: (id, owner) => chats.cancel(owner, id),
    async completeChat(request, caller) {
      return collectChat(await streamChat(request, caller), caller.signal);
    },
    async generateImages({ model, provider, ...request }, caller) {
      await seek({ model, provider }, 'IMAGE', caller);
      const candidates = registry.choose({ model, provider }, 'IMAGE');
      return makeImages(fitImageJob({ ...request, candidates }), caller, contextOf(caller, caller.signal));
    },
  };
}
