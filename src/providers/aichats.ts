// AiChats: https://ai-chats.org. No documentation: this is what its own pages send.
import type { HttpAnswer } from './answer.ts';
import { CHROME } from './chrome.ts';
import { defineProvider } from './definition.ts';
import { ProviderError } from './errors.ts';
import { createHttpClient } from './http.ts';
import { fromImageAnswer } from './image-answer.ts';
import { parseJson } from './json.ts';
import { baseUrl, UpstreamOptions } from './options.ts';
import { formatPrompt } from './prompt.ts';
import { createTrimmer } from './trimmer.ts';

const HOME = 'https://ai-chats.org';
const NAME = 'AiChats';

const AiChatsOptions = UpstreamOptions.extend({
  baseUrl: baseUrl(HOME),
  working: UpstreamOptions.shape.working.default(false),
});

/** GPT-4 chat in fragments, and DALL·E pictures. */
export const aichats = defineProvider({
  options: AiChatsOptions,
  create({ working, ...options }, settings) {
    const http = createHttpClient({ name: NAME, ...options, ...settings });
    const { origin } = new URL(options.baseUrl);

    function send(type: 'chat' | 'image', content: string, signal: AbortSignal): Promise<HttpAnswer> {
      const headers = { ...HEADERS, origin, referer: `${origin}/${type}/` };
      const body = JSON.stringify({ type, messagesHistory: [{ from: 'you', content }] });
      return http.send({ method: 'POST', path: '/chat/send2/', headers, body }, signal);
    }

    return {
      id: 'aichats',
      name: NAME,
      url: HOME,
      working,
      needsAuth: false,
      supportsStream: true,
      supportsSystemMessage: false,
      supportsMessageHistory: true,
      chatOptions: [],
      supportsAspectRatio: false,
      maxImagesPerCall: 1,
      models: [
        { name: 'gpt-4', kind: 'CHAT' },
        { name: 'dalle', kind: 'IMAGE' },
      ],
      defaultModel: 'gpt-4',
      defaultImageModel: 'dalle',

      async *streamChat({ messages }, signal) {
        const answer = await send('chat', formatPrompt(messages), signal);
        const trimmer = createTrimmer();
        let empty = true;
        for await (const lines of answer.lines()) {
          const text = trimmer.push(lines.map(fromAiChatsLine).join(''));
          if (text === '') continue;
          empty = false;
          yield { type: 'text-delta', text };
        }
        if (empty) throw new ProviderError('BAD_RESPONSE', `${NAME} sent an answer without content`);
        yield { type: 'finish', reason: 'STOP', rawReason: null, usage: null };
      },

      async generateImages({ prompt }, signal) {
        const answer = await send('image', prompt, signal);
        return fromImageAnswer(parseJson(await answer.text()), { name: NAME, prompt, baseUrl: options.baseUrl });
      },

      close: http.close,
    };
  },
});

const HEADERS = {
  ...CHROME,
  accept: 'application/json, text/event-stream',
  'accept-language': 'en-US,en;q=0.9',
  'cache-control': 'no-cache',
  'content-type': 'application/json',
  pragma: 'no-cache',
};

/** The fragment is taken to the letter, spaces and all; every other line is no part of the answer. */
function fromAiChatsLine(line: string): string {
  return line.startsWith('data: ') ? line.slice('data: '.length) : '';
}
