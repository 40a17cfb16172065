// ELIZA: J. Weizenbaum, Communications of the ACM 9 (1), 1966, pp. 36-45, by way of the package elizabot.
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import ElizaBot from 'elizabot';
import * as z from 'zod';
import { CHAT_OPTIONS, MODALITIES, TEXT_ONLY } from '../capabilities.ts';
import type { ChatMessage, ChatPart, ChatRequest } from '../chat.ts';
import { defineProvider } from '../definition.ts';
import { textOf } from '../kit/prompt.ts';
import { ProviderOptions } from '../options.ts';
import { improvise } from './improvise.ts';
import { drawPattern } from './pattern.ts';
import { playScript } from './play-script.ts';
import { ScriptOptions } from './script.ts';

const LocalOptions = ProviderOptions.extend({
  wordDelayMs: z
    .number()
    .min(0)
    .max(60_000)
    .default(25)
    .describe(
      'The pause before each word of ELIZA, and before each piece of what `local/script` makes up, in milliseconds.',
    ),
});

/** ELIZA, pictures drawn from their prompt, and answers by a script: no network and no model, but rules of 1966 and a hash. */
export const local = defineProvider({
  options: LocalOptions,
  create: ({ working, wordDelayMs }) => ({
    id: 'local',
    name: 'Embedded (ELIZA, patterns, scripts)',
    url: null,
    working,
    needsAuth: false,
    supportsStream: true,
    supportsSystemMessage: false,
    supportsMessageHistory: true,
    readsLink: () => true, // It looks at none.
    callOptions: ScriptOptions,
    models: [
      // ELIZA follows fixed rules: there is nothing for temperature, topP or seed to change.
      { name: 'eliza', kind: 'CHAT', capabilities: { ...TEXT_ONLY, options: ELIZA_OPTIONS } },
      { name: 'pattern', kind: 'IMAGE', capabilities: { aspectRatios: true, imagesPerCall: 10 } },
      { name: 'script', kind: 'CHAT', capabilities: SCRIPTED },
    ],
    defaultModel: 'eliza',
    defaultImageModel: 'pattern',

    streamChat(request, signal) {
      if (request.model === 'eliza') return chatWithEliza(request, wordDelayMs, signal);
      const { script = improvise(request, wordDelayMs) } = ScriptOptions.parse(request.providerOptions ?? {});
      return playScript(script, request.messages, signal);
    },

    async generateImages({ prompt, aspectRatio, count }) {
      return Array.from({ length: count }, (_, index) => ({
        url: drawPattern({ prompt, aspectRatio, index }),
        alt: prompt,
      }));
    },
  }),
});

/** What there is to honour for one who follows fixed rules: the length, and that nothing is left to chance. */
const ELIZA_OPTIONS = ['TEMPERATURE', 'TOP_P', 'MAX_TOKENS', 'STOP', 'SEED'] as const;

/** Everything can be asked of it, so that every client can be tried with it. */
const SCRIPTED = {
  options: Object.values(CHAT_OPTIONS),
  inputs: MODALITIES,
  outputs: ['TEXT', 'IMAGE'],
  tools: true,
  structuredOutput: true,
  reasoning: true,
} as const;

async function* chatWithEliza(
  { messages, maxTokens, stop }: ChatRequest,
  wordDelayMs: number,
  signal: AbortSignal,
): AsyncGenerator<ChatPart, void, void> {
  const words = toWords(await askEliza(messages), stop);
  const maxWords = maxTokens ?? words.length;
  for (const text of words.slice(0, maxWords)) {
    await sleep(wordDelayMs, undefined, { signal }).catch(() => signal.throwIfAborted());
    yield { type: 'text-delta', text };
  }
  yield { type: 'finish', reason: words.length > maxWords ? 'LENGTH' : 'STOP', rawReason: null, usage: null };
}

/** Words with the white space behind them: ELIZA's tokens. Ends before the first of the texts to stop at. */
function toWords(answer: string, stop: readonly string[] = []): string[] {
  const ends = stop.map((text) => answer.indexOf(text)).filter((at) => at >= 0);
  return answer.slice(0, Math.min(answer.length, ...ends)).match(/\S+\s*/g) ?? [];
}

/** She remembers what was said, so it is told to her anew each time, and others get a turn in between. */
async function askEliza(messages: readonly ChatMessage[]): Promise<string> {
  const eliza = new ElizaBot(true);
  let answer = eliza.getInitial();
  for (const message of messages.filter(({ role }) => role === 'USER').slice(-MEMORY)) {
    answer = eliza.transform(textOf(message).slice(-MAX_CHARACTERS));
    await nextTurn();
  }
  return answer;
}

/** Her patterns take a time that grows with the cube of a message: 30 ms for 100 characters at the worst, 5 s for 1,000. */
const MAX_CHARACTERS = 100;
const MEMORY = 8;
