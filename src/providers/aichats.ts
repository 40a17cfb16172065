// AiChats: https://ai-chats.org. No documentation: this is what its own pages send.
import { TEXT_ONLY } from './capabilities.ts';
import { defineProvider } from './definition.ts';
import { createHttpClient, type HttpClient } from './http/client.ts';
import { isErrorBody } from './http/error-body.ts';
import { createJsonLines, parseJson, parseObject } from './http/json.ts';
import type { HttpResponse } from './http/response.ts';
import type { UpstreamLimits } from './http/settings.ts';
import { CHROME } from './kit/browser-headers.ts';
import { type ChatReader, readLines } from './kit/chat-reader.ts';
import { fromImageAnswer } from './kit/image-answer.ts';
import { pushPart } from './kit/parts.ts';
import { formatPrompt } from './kit/prompt.ts';
import { createTrimmer } from './kit/trimmer.ts';
import { baseUrl, UpstreamOptions } from './options.ts';

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

    function send(type: 'chat' | 'image', content: string, signal: AbortSignal): Promise<HttpResponse> {
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
      models: [
        { name: 'gpt-4', kind: 'CHAT', capabilities: TEXT_ONLY },
        { name: 'dalle', kind: 'IMAGE', capabilities: { aspectRatios: false, imagesPerCall: 1 } },
      ],
      defaultModel: 'gpt-4',
      defaultImageModel: 'dalle',

      streamChat: ({ messages }, signal) =>
        readLines(() => send('chat', formatPrompt(messages), signal), createReader(http, settings.limits)),

      async generateImages({ prompt }, signal) {
        const answer = await send('image', prompt, signal);
        const said = parseJson(await answer.text());
        if (isErrorBody(said)) throw http.toError(said);
        return fromImageAnswer(said, { name: NAME, prompt, baseUrl: options.baseUrl });
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

/** Fragments are taken to the letter, spaces and all; every other line is no part of the answer, but may be an error. */
function createReader({ toError }: HttpClient, { maxAnswerBytes: maxBytes }: UpstreamLimits): ChatReader<[string]> {
  const trimmer = createTrimmer();
  const others = createJsonLines({ name: NAME, maxBytes });
  /** An answer that is nothing but an error is one, though it comes as a fragment. */
  let first = '';
  let fragments = 0;
  /** Whether the lines from here to a blank one are those of an event of the type `error`. */
  let isError = false;

  function readOther(line: string) {
    if (line === '') isError = false;
    if (/^event: *error$/.test(line)) isError = true;
    if (line.startsWith('error:')) fail(line.slice('error:'.length));
    others.push(line);
  }

  function fail(told: string): never {
    throw toError(parseObject(told) ?? { message: told.trim() });
  }

  return {
    read(parts, line) {
      if (!line.startsWith('data: ')) return readOther(line);
      if (isError) fail(line.slice('data: '.length));
      const text = trimmer.push(line.slice('data: '.length));
      if (text === '') return;
      if (++fragments === 1) first = text;
      pushPart(parts, { type: 'text-delta', text });
    },
    end() {
      const error = [...others.values, fragments === 1 ? parseObject(first) : null].find(isErrorBody);
      if (error != null) throw toError(error);
      return { reason: 'STOP', rawReason: null, usage: null };
    },
  };
}
