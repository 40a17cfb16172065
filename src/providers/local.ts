// ELIZA: J. Weizenbaum, Communications of the ACM 9 (1), 1966, pp. 36-45, by way of the package elizabot.
import { setTimeout as sleep } from 'node:timers/promises';
import ElizaBot from 'elizabot';
import * as z from 'zod';
import { defineProvider } from './definition.ts';
import { ProviderOptions } from './options.ts';
import { drawPattern } from './pattern.ts';
import type { ChatMessage, ChatRequest } from './provider.ts';

const LocalOptions = ProviderOptions.extend({
  wordDelayMs: z.number().min(0).default(25).describe('The pause before each word of ELIZA, in milliseconds.'),
});

/** ELIZA and pictures drawn from their prompt, with no network and no model: rules of 1966 and a hash. */
export const local = defineProvider({
  options: LocalOptions,
  create: ({ working, wordDelayMs }) => ({
    id: 'local',
    name: 'Embedded (ELIZA, patterns)',
    url: null,
    working,
    needsAuth: false,
    supportsStream: true,
    supportsSystemMessage: false,
    supportsMessageHistory: true,
    // ELIZA follows fixed rules: there is nothing for temperature, topP or seed to change.
    chatOptions: ['temperature', 'topP', 'maxTokens', 'stop', 'seed'],
    supportsAspectRatio: true,
    models: [
      { name: 'eliza', kind: 'CHAT' },
      { name: 'pattern', kind: 'IMAGE' },
    ],
    defaultModel: 'eliza',
    defaultImageModel: 'pattern',

    async *streamChat(request, signal) {
      const words = toWords(request);
      const maxWords = request.maxTokens ?? words.length;
      for (const text of words.slice(0, maxWords)) {
        await sleep(wordDelayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
        yield { type: 'text-delta', text };
      }
      yield { type: 'finish', reason: words.length > maxWords ? 'LENGTH' : 'STOP', rawReason: null, usage: null };
    },

    async generateImages({ prompt, aspectRatio, index }) {
      return [{ url: drawPattern({ prompt, aspectRatio, index }), alt: prompt }];
    },
  }),
});

/** ELIZA's answer in words, each with the white space behind it: its tokens. */
function toWords({ messages, stop = [] }: ChatRequest): string[] {
  const answer = askEliza(messages);
  const ends = stop.map((sequence) => answer.indexOf(sequence)).filter((at) => at >= 0);
  return answer.slice(0, Math.min(answer.length, ...ends)).match(/\S+\s*/g) ?? [];
}

/** She remembers, so every user message is told to her anew; the end of a long one is enough, as her rules look at one sentence. */
function askEliza(messages: readonly ChatMessage[]): string {
  const eliza = new ElizaBot(true);
  const said = messages.filter(({ role }) => role === 'USER').slice(-MEMORY);
  return said.reduce((_answer, { content }) => eliza.transform(content.slice(-MAX_CHARACTERS)), eliza.getInitial());
}

const MEMORY = 20;
const MAX_CHARACTERS = 500;
