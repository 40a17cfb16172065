import { randomUUID } from 'node:crypto';
import type { ChatMessage, ChatOptions, Image, Provider, Usage } from '../providers/provider.ts';
import type { Caller } from './caller.ts';
import { type Chat, type ChatEvent, type ChatFailed, type ChatFinished, checkChat, tellChat } from './chat.ts';
import type { ReportBug } from './failure.ts';
import { createHealthRecord, type ProviderHealth } from './health.ts';
import { checkImageOrder, type ImageOrder, type ImageOutcome, makeImages } from './images.ts';
import { createRegistry, type DefaultModels, type Model, type ModelChoice, type Registry } from './registry.ts';

export interface ChatRequest extends ChatOptions, ModelChoice {
  readonly messages: readonly ChatMessage[];
}

export type ImageRequest = Omit<ImageOrder, 'model'> & ModelChoice;

/** The whole answer at once. */
export interface ChatAnswer {
  readonly type: 'ChatAnswer';
  readonly text: string;
  readonly reasoning: string | null;
  readonly images: readonly Image[];
  readonly model: Model;
  readonly finishReason: ChatFinished['finishReason'];
  readonly usage: Usage | null;
}

/** All that lies between a request and the providers. Mistakes of the caller are thrown as `GraphQLError`, before anything starts. */
export interface Gateway extends Registry {
  health(provider: Provider): ProviderHealth;
  streamChat(request: ChatRequest, caller: Caller): AsyncGenerator<ChatEvent, void, void>;
  /** @throws the caller's signal's reason when the caller has left. */
  completeChat(request: ChatRequest, caller: Caller): Promise<ChatAnswer | ChatFailed>;
  /** @throws the caller's signal's reason when the caller has left. */
  generateImages(request: ImageRequest, caller: Caller): Promise<ImageOutcome>;
}

interface GatewayOptions {
  readonly providers: readonly Provider[];
  readonly defaults: DefaultModels;
  readonly reportBug: ReportBug;
}

export function createGateway({ providers, defaults, reportBug }: GatewayOptions): Gateway {
  const registry = createRegistry(providers, defaults);
  const healthOf = new Map(providers.map((provider) => [provider, createHealthRecord()]));

  function health(provider: Provider) {
    const record = healthOf.get(provider);
    if (!record) throw new Error(`No health record for provider '${provider.id}'`);
    return record;
  }

  function begin({ model, provider, ...request }: ChatRequest): Chat {
    const chat = { ...request, id: randomUUID(), model: registry.choose({ model, provider }, 'CHAT') };
    checkChat(chat);
    return chat;
  }

  return {
    ...registry,
    health: (provider) => health(provider).current,
    streamChat(request, caller) {
      const chat = begin(request);
      return tellChat(chat, { caller, health: health(chat.model.provider), reportBug });
    },
    async completeChat(request, caller) {
      const chat = begin(request);
      const events = tellChat(chat, { caller, health: health(chat.model.provider), reportBug });
      return collect(events, chat.model, caller.signal);
    },
    async generateImages({ model, provider, ...request }, caller) {
      const order = { ...request, model: registry.choose({ model, provider }, 'IMAGE') };
      checkImageOrder(order);
      return makeImages(order, { caller, health: health(order.model.provider), reportBug });
    },
  };
}

async function collect(
  events: AsyncIterable<ChatEvent>,
  model: Model,
  signal: AbortSignal,
): Promise<ChatAnswer | ChatFailed> {
  let text = '';
  let reasoning: string | null = null;
  const images: Image[] = [];
  for await (const event of events) {
    if (event.type === 'ChatDelta') text += event.text;
    else if (event.type === 'ChatReasoningDelta') reasoning = (reasoning ?? '') + event.text;
    else if (event.type === 'ChatImage') images.push(event.image);
    else if (event.type === 'ChatFailed') return event;
    else if (event.type === 'ChatFinished') {
      const { finishReason, usage } = event;
      return { type: 'ChatAnswer', text, reasoning, images, model, finishReason, usage };
    }
  }
  throw signal.reason;
}
