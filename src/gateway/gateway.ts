import { randomUUID } from 'node:crypto';
import type { ChatMessage, ChatOptions, Provider } from '../providers/provider.ts';
import type { AdmissionLimits } from './admission.ts';
import type { Caller, Surroundings } from './caller.ts';
import { fitChat, tellChat } from './chat.ts';
import { type ChatAnswer, collectChat } from './chat-answer.ts';
import type { ChatEvent, ChatFailed } from './chat-event.ts';
import type { ReportBug } from './failure.ts';
import { createGate } from './gate.ts';
import type { ProviderHealth } from './health.ts';
import { createHealthChanges } from './health-changes.ts';
import { fitImageOrder, type ImageOrder, type ImageOutcome, makeImages } from './images.ts';
import { createRegistry, type ModelChoice, type Registry, type RegistryOptions } from './registry.ts';

export interface ChatRequest extends ChatOptions, ModelChoice {
  readonly messages: readonly ChatMessage[];
}

export type ImageRequest = Omit<ImageOrder, 'candidates'> & ModelChoice;

/** All that lies between a request and the providers. Mistakes of the caller are thrown as `GraphQLError`, before anything starts. */
export interface Gateway extends Registry {
  health(provider: Provider): ProviderHealth;
  /** The providers, each time that their health changes, until the signal aborts. */
  healthChanges(signal: AbortSignal): AsyncIterableIterator<Provider, void, void>;
  streamChat(request: ChatRequest, caller: Caller): AsyncGenerator<ChatEvent, void, void>;
  /** @throws the caller's signal's reason when the caller has left. */
  completeChat(request: ChatRequest, caller: Caller): Promise<ChatAnswer | ChatFailed>;
  /** @throws the caller's signal's reason when the caller has left. */
  generateImages(request: ImageRequest, caller: Caller): Promise<ImageOutcome>;
}

export interface GatewayOptions extends RegistryOptions {
  /** How many calls a provider takes at once. */
  admissionOf(provider: Provider): AdmissionLimits;
  readonly reportBug: ReportBug;
}

export function createGateway({ admissionOf, reportBug, ...options }: GatewayOptions): Gateway {
  const registry = createRegistry(options);
  const changes = createHealthChanges();
  const gates = new Map(
    options.providers.map((provider) => [
      provider,
      createGate(provider, admissionOf(provider), () => changes.changed(provider)),
    ]),
  );

  function gateOf(provider: Provider) {
    const gate = gates.get(provider);
    if (!gate) throw new Error(`No gate for provider '${provider.id}'`);
    return gate;
  }

  const surround = (caller: Caller): Surroundings => ({ caller, reportBug, gateOf });

  function streamChat({ model, provider, ...request }: ChatRequest, caller: Caller) {
    const candidates = registry.choose({ model, provider }, 'CHAT');
    return tellChat(fitChat({ ...request, id: randomUUID(), candidates }), surround(caller));
  }

  return {
    ...registry,
    health: (provider) => gateOf(provider).health.current,
    healthChanges: changes.listen,
    streamChat,
    completeChat: async (request, caller) => collectChat(streamChat(request, caller), caller.signal),
    async generateImages({ model, provider, ...request }, caller) {
      const candidates = registry.choose({ model, provider }, 'IMAGE');
      return makeImages(fitImageOrder({ ...request, candidates }), surround(caller));
    },
  };
}
