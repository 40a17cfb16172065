import { ROOT_CONTEXT } from '@opentelemetry/api';
import type { Caller } from '../../src/gateway/caller.ts';
import { createGateway, type Gateway, type GatewayOptions, type GatewaySetup } from '../../src/gateway/gateway.ts';
import { createJsonSchemas } from '../../src/gateway/json-schemas.ts';
import type { MediaSources } from '../../src/gateway/media/chat-media.ts';
import { createRegistry, type RegistryOptions } from '../../src/gateway/registry.ts';
import type { ChatPart } from '../../src/providers/chat.ts';
import { ProviderOptions } from '../../src/providers/options.ts';
import type { Provider } from '../../src/providers/provider.ts';

/** A provider of one chat model, `scripted/model`, that says what a test wants. */
export function scriptedProvider(
  streamChat: NonNullable<Provider['streamChat']>,
  more: Partial<Provider> = {},
): Provider {
  const standard: Provider = {
    id: 'scripted',
    name: 'Scripted',
    url: null,
    working: true,
    needsAuth: false,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    models: [{ name: 'model', kind: 'CHAT' }],
    defaultModel: 'model',
    defaultImageModel: null,
    streamChat,
  };
  return Object.defineProperties(standard, Object.getOwnPropertyDescriptors(more));
}

export const text = (piece: string): ChatPart => ({ type: 'text-delta', text: piece });

export const finish = (more: Partial<Extract<ChatPart, { type: 'finish' }>> = {}): ChatPart => ({
  type: 'finish',
  reason: 'STOP',
  rawReason: null,
  usage: null,
  ...more,
});

/** A gateway to these providers. */
export function createTestGateway(
  providers: readonly Provider[],
  options: Partial<GatewayOptions & GatewaySetup & RegistryOptions> = {},
): Gateway {
  const defaults = { chat: 'scripted/model', image: 'scripted/painter' };
  return createGateway(
    { jsonSchemas: createJsonSchemas(), reportBug: () => 'bug', ...options },
    {
      registry: createRegistry({ providers, defaults, aliases: {}, ...options }),
      accessOptionsOf: () => ProviderOptions.parse({}),
      chatLimits: { resumeGraceMs: 1000, slowReaderTimeoutMs: 1000, maxContinuationBytes: 1000 },
      media: NO_MEDIA,
      retain: () => () => {},
      ...options,
    },
  );
}

/** Nothing was sent, and no link is read. */
const NO_MEDIA: MediaSources = {
  store: { read: async () => undefined },
  download: { read: () => Promise.reject(new Error('expected no download')) },
  maxMediaBytes: 1_000_000,
  maxChatMediaBytes: 1_000_000,
};

/** Somebody who asks, until the signal aborts. */
export function createCaller(signal: AbortSignal = new AbortController().signal): Caller {
  return { requestId: 'test', owner: '', signal, trace: ROOT_CONTEXT, leave() {}, drop() {}, note() {} };
}
