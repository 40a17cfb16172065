// ChatgptFree: https://chatgptfree.ai, a WordPress site with a chat plugin. No documentation: this is what its page sends.
import * as z from 'zod';
import { TEXT_ONLY } from './capabilities.ts';
import { createOpenAiReader } from './chat-completions/reader.ts';
import { defineProvider } from './definition.ts';
import { ProviderError } from './errors.ts';
import { withoutQuery } from './http/base-url.ts';
import { createHttpClient, type HttpClient } from './http/client.ts';
import { isErrorBody } from './http/error-body.ts';
import { createJsonLines, parseObject } from './http/json.ts';
import type { HttpResponse } from './http/response.ts';
import type { UpstreamLimits } from './http/settings.ts';
import { CHROME } from './kit/browser-headers.ts';
import { type ChatReader, readLines } from './kit/chat-reader.ts';
import { formatPrompt } from './kit/prompt.ts';
import { createSharedLoad } from './kit/shared-load.ts';
import { baseUrl, MAX_TIMER_MS, UpstreamOptions } from './options.ts';

const HOME = 'https://chatgptfree.ai';
const NAME = 'ChatgptFree';

const ChatgptFreeOptions = UpstreamOptions.extend({
  baseUrl: baseUrl(HOME),
  working: UpstreamOptions.shape.working.default(false),
  timeoutMs: z
    .int()
    .min(1)
    .max(MAX_TIMER_MS)
    .default(120_000)
    .describe('The longest that one call may take, to the last byte of its answer.'),
});

/** GPT-4o mini chat, streamed. No images. */
export const chatgptfree = defineProvider({
  options: ChatgptFreeOptions,
  create({ working, timeoutMs, ...options }, settings) {
    const http = createHttpClient({ name: NAME, ...options, ...settings });
    const { origin } = new URL(options.baseUrl);

    const session = createSharedLoad(async (signal) => {
      const headers = { ...HEADERS, accept: 'text/html', 'sec-fetch-dest': 'document', 'sec-fetch-mode': 'navigate' };
      const page = await http.send({ method: 'GET', path: '/', headers, timeoutMs }, signal);
      return fromChatPage(await page.text());
    });

    function post({ nonce, postId }: Session, message: string, signal: AbortSignal): Promise<HttpResponse> {
      const body = new URLSearchParams({
        _wpnonce: nonce,
        post_id: postId,
        url: withoutQuery(options.baseUrl),
        action: 'wpaicg_chat_shortcode_message',
        message,
        bot_id: '0',
      }).toString();
      const headers = { ...HEADERS, 'content-type': FORM, origin, referer: `${origin}/chat/` };
      return http.send({ method: 'POST', path: '/wp-admin/admin-ajax.php', headers, body, timeoutMs }, signal);
    }

    /** A 403 means an expired nonce: the page is read afresh and the call made once more. */
    async function send(message: string, signal: AbortSignal): Promise<HttpResponse> {
      const used = await session.get(signal);
      try {
        return await post(used, message, signal);
      } catch (error) {
        if (!(error instanceof ProviderError) || error.status !== 403) throw error;
        session.drop(used);
        return post(await session.get(signal), message, signal);
      }
    }

    return {
      id: 'chatgptfree',
      name: NAME,
      url: HOME,
      working,
      needsAuth: false,
      supportsStream: true,
      supportsSystemMessage: false,
      supportsMessageHistory: true,
      models: [{ name: 'gpt-4o-mini-2024-07-18', kind: 'CHAT', aliases: ['gpt-4o-mini'], capabilities: TEXT_ONLY }],
      defaultModel: 'gpt-4o-mini-2024-07-18',
      defaultImageModel: null,

      streamChat: ({ messages }, signal) =>
        readLines(() => send(formatPrompt(messages), signal), createReader(http, settings.limits)),

      close: http.close,
    };
  },
});

const HEADERS = { ...CHROME, accept: '*/*', 'accept-language': 'en-US,en;q=0.9' };
const FORM = 'application/x-www-form-urlencoded; charset=UTF-8';

interface Session {
  readonly postId: string;
  readonly nonce: string;
}

function fromChatPage(html: string): Session {
  const postId = /data-post-id="([0-9]+)"/.exec(html)?.[1];
  const nonce = /data-nonce="([^"]*)"/.exec(html)?.[1];
  if (postId === undefined) throw new ProviderError('BAD_RESPONSE', `${NAME}'s page has no data-post-id`);
  if (nonce === undefined) throw new ProviderError('BAD_RESPONSE', `${NAME}'s page has no data-nonce`);
  return { postId, nonce };
}

/** `data:` lines with chunks until `[DONE]`; or, in the other lines taken together, one JSON object with the whole answer. */
function createReader(http: HttpClient, { finishGraceMs, maxAnswerBytes }: UpstreamLimits): ChatReader<[string]> {
  const chunks = createOpenAiReader({ name: NAME, thinkTags: 'off', finishGraceMs, http, toImage: toNoImage });
  const others = createJsonLines({ name: NAME, maxBytes: maxAnswerBytes });
  let type = '';
  return {
    read(parts, line) {
      const [, field, value = ''] = /^(data|event|error):\s*(.*)$/s.exec(line) ?? [];
      if (field === 'data') return chunks.read(parts, value.trim(), type);
      if (field === 'error') return chunks.read(parts, value, 'error');
      if (field === 'event' || line === '') type = value.trim();
      chunks.readOther?.(line);
      if (isErrorBody(parseObject(line))) chunks.read(parts, line, ''); // An end that follows hides nothing of it.
      others.push(line);
    },
    end(parts) {
      const { value } = others;
      const whole = isErrorBody(value) ? undefined : WholeAnswer.safeParse(value).data;
      const message = whole?.data ? { choices: [{ delta: { content: whole.data } }] } : value;
      if (message !== undefined) chunks.read(parts, JSON.stringify(message), '');
      if (whole?.data) chunks.read(parts, '[DONE]', '');
      const finish = chunks.end(parts);
      return finish?.rawReason === null ? { ...finish, reason: 'STOP' } : finish; // Its end was marked in another way.
    },
    get graceMs() {
      return chunks.graceMs;
    },
  };
}

/** A model of text alone. */
function toNoImage(): never {
  throw new ProviderError('BAD_RESPONSE', `${NAME} sent a picture, expected text`);
}

/** Only the fields read above. */
const WholeAnswer = z.object({ data: z.string() });
