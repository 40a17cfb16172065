// Websim: https://websim.ai. Its inference endpoints have no documentation: this is what its own pages send.
import { randomInt } from 'node:crypto';
import * as z from 'zod';
import { TEXT_ONLY } from './capabilities.ts';
import type { ChatMessage } from './chat.ts';
import { defineProvider } from './definition.ts';
import { ProviderError } from './errors.ts';
import { createHttpClient } from './http/client.ts';
import { isErrorBody } from './http/error-body.ts';
import { parseJson } from './http/json.ts';
import { CHROME } from './kit/browser-headers.ts';
import { fromImageAnswer } from './kit/image-answer.ts';
import { textOf } from './kit/prompt.ts';
import { retryRateLimited } from './kit/retry.ts';
import { baseUrl, UpstreamOptions } from './options.ts';
import type { AspectRatio } from './provider.ts';

const ORIGIN = 'https://websim.ai';
const NAME = 'Websim';

const WebsimOptions = UpstreamOptions.extend({
  baseUrl: baseUrl(ORIGIN),
  retryBaseMs: z
    .number()
    .min(0)
    .max(60_000)
    .default(1000)
    .describe('After a 429: half the first pause, in milliseconds. Each pause doubles the last.'),
  projectId: z.string().min(1).optional().describe('A fixed project id. Without it every request has a fresh one.'),
});

/** Gemini chat, one part an answer, and Flux pictures. */
export const websim = defineProvider({
  options: WebsimOptions,
  create({ working, retryBaseMs, projectId, ...options }, settings) {
    const http = createHttpClient({ name: NAME, ...options, ...settings });

    function post(path: string, referer: string, body: object, signal: AbortSignal): Promise<string> {
      const request = { method: 'POST', path, headers: { ...HEADERS, referer }, body: JSON.stringify(body) } as const;
      const call = async () => {
        const { contentType, text } = await http.send(request, signal);
        const answer = await text();
        if (isPage(answer, contentType))
          throw new ProviderError('BAD_RESPONSE', `${NAME} sent a page, expected an answer`);
        const said = parseJson(answer);
        if (isErrorBody(said)) throw http.toError(said);
        return answer;
      };
      return retryRateLimited(call, { attempts: 3, baseMs: retryBaseMs, signal });
    }

    return {
      id: 'websim',
      name: NAME,
      url: ORIGIN,
      working,
      needsAuth: false,
      supportsStream: false,
      supportsSystemMessage: true,
      supportsMessageHistory: true,
      models: [
        { name: 'gemini-1.5-pro', kind: 'CHAT', capabilities: TEXT_ONLY },
        { name: 'gemini-1.5-flash', kind: 'CHAT', capabilities: TEXT_ONLY },
        { name: 'flux', kind: 'IMAGE', capabilities: { aspectRatios: true, imagesPerCall: 1 } },
      ],
      defaultModel: 'gemini-1.5-pro',
      defaultImageModel: 'flux',

      async *streamChat({ messages }, signal) {
        const body = { project_id: projectId ?? createProjectId(3, 15), messages: messages.map(toWebsimMessage) };
        const answer = await post('/api/v1/inference/run_chat_completion', `${ORIGIN}/chat`, body, signal);
        yield { type: 'text-delta', text: fromWebsimAnswer(answer) };
        yield { type: 'finish', reason: 'STOP', rawReason: null, usage: null };
      },

      async generateImages({ prompt, aspectRatio }, signal) {
        const body = {
          project_id: projectId ?? createProjectId(7, 12),
          prompt,
          aspect_ratio: toWebsimRatio(aspectRatio),
        };
        const answer = await post('/api/v1/inference/run_image_generation', `${ORIGIN}/images`, body, signal);
        return fromImageAnswer(parseJson(answer), { name: NAME, prompt, baseUrl: options.baseUrl });
      },

      close: http.close,
    };
  },
});

const HEADERS = {
  accept: '*/*',
  'accept-language': 'en-US,en;q=0.9',
  'content-type': 'text/plain;charset=UTF-8',
  origin: ORIGIN,
  'user-agent': CHROME['user-agent'],
  'websim-flags': '',
};

/** Such as `ke3_xh5gai3gjkmruomu`. */
function createProjectId(before: number, after: number): string {
  const characters = (length: number) => Array.from({ length }, () => ALPHABET[randomInt(ALPHABET.length)]).join('');
  return `${characters(before)}_${characters(after)}`;
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyz0123456789';

function toWebsimMessage(message: ChatMessage) {
  return { role: message.role.toLowerCase(), content: textOf(message) };
}

function toWebsimRatio({ width, height }: AspectRatio): string {
  return `${width}:${height}`;
}

/** An answer that is not JSON is itself the text; so is a bare number or word, which happens to be JSON. */
function fromWebsimAnswer(body: string): string {
  const json = parseJson(body);
  const text = typeof json === 'object' ? WebsimAnswer.safeParse(json).data?.content.trim() : body;
  if (!text?.trim()) throw new ProviderError('BAD_RESPONSE', `${NAME} sent an answer without content`);
  return text;
}

function isPage(body: string, contentType: string): boolean {
  return (
    /^\s*(<\?xml[^>]*>\s*|<!--(?:(?!-->)[\s\S])*-->\s*)*<(!doctype|html|head|body)\b/i.test(body) ||
    (/^text\/html/i.test(contentType) && /^\s*</.test(body))
  );
}

/** Only what is read above. */
const WebsimAnswer = z.object({ content: z.string() });
