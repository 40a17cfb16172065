import type { BrowserContextOptions } from 'playwright-core';
import type { Capabilities } from '../../src/providers/capabilities.ts';
import type { ChatPart, ChatRequest } from '../../src/providers/chat.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { openPlayground } from './playground.ts';
import { scriptedProvider } from './scripted-provider.ts';

export interface Stage {
  readonly provider: Provider;
  /** What the model was asked, in order. */
  readonly asked: readonly ChatRequest[];
  /** What it says next, to whoever asks, or has asked. It has ended with a `finish`. */
  say(...parts: readonly ChatPart[]): void;
  /** The question with this number, once it is asked. */
  question(at: number): Promise<ChatRequest>;
}

export const call = (index: number, name: string, argumentsText: string): ChatPart => ({
  type: 'tool-call',
  index,
  callId: `call-${index}`,
  name,
  argumentsText,
});

export const callPiece = (index: number, name: string, piece: string): ChatPart => ({
  type: 'tool-call-delta',
  index,
  callId: `call-${index}`,
  name,
  text: piece,
});

/** A model of a provider, `scripted/model`, that says what a test tells it, piece by piece. */
export function createStage(capabilities: Partial<Capabilities> = {}): Stage {
  const asked: ChatRequest[] = [];
  const parts: ChatPart[] = [];
  let news = Promise.withResolvers<void>();

  function tellNews(): void {
    news.resolve();
    news = Promise.withResolvers();
  }

  const provider = scriptedProvider(
    async function* (request, signal) {
      asked.push(request);
      tellNews();
      for (;;) {
        const part = parts.shift();
        if (part) yield part;
        else await Promise.race([news.promise, aborted(signal)]);
        if (part?.type === 'finish') return;
      }
    },
    { models: [{ name: 'model', kind: 'CHAT', capabilities }] },
  );

  return {
    provider,
    asked,
    say(...more) {
      parts.push(...more);
      tellNews();
    },
    async question(at) {
      for (;;) {
        const request = asked[at];
        if (request) return request;
        await news.promise;
      }
    },
  };
}

interface StageOptions {
  readonly capabilities?: Partial<Capabilities>;
  readonly browser?: BrowserContextOptions;
}

/** The playground with such a model as its default. */
export async function openStage({ capabilities, browser }: StageOptions = {}) {
  const stage = createStage(capabilities);
  const playground = await openPlayground({
    config: { defaults: { chat: 'scripted/model' } },
    providers: [stage.provider],
    ...(browser ? { browser } : {}),
  });
  return { ...stage, ...playground };
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}
