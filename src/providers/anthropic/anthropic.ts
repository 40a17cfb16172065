// Anthropic's own protocol: https://platform.claude.com/docs/en/api/messages

import { createHttpClient } from '../http/client.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import { toJson } from '../http/to-json.ts';
import { readEvents } from '../kit/chat-reader.ts';
import { isTextType, mediaTypeOf } from '../kit/media-part.ts';
import type { Provider } from '../provider.ts';
import { BETA, HEADERS } from './headers.ts';
import { createModelSource, modelNamed } from './models.ts';
import type { AnthropicOptions } from './options.ts';
import { createAnthropicReader } from './reader.ts';
import { toAnthropicRequest } from './request.ts';

/** Chat from Anthropic, or from any server that speaks its protocol. No pictures. */
export function createAnthropic(
  { id, ...options }: AnthropicOptions & { readonly id: string },
  settings: UpstreamSettings,
): Provider {
  const { name, url, working, apiKey } = options;
  const { finishGraceMs } = settings.limits;
  const { [BETA]: ownBeta, ...own } = lowerCaseNames(options.headers);
  // Configured headers are kept out of every message; those of the file win.
  const headers = { ...(apiKey !== undefined && { 'x-api-key': apiKey }), ...own };
  const http = createHttpClient({ ...options, ...settings, headers });
  const source = createModelSource(options, http, { name, warn: settings.warn });

  return {
    id,
    name,
    url,
    working,
    needsAuth: apiKey !== undefined,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    readsLink: (part) => part.type === 'image' || (part.type === 'file' && !isTextType(mediaTypeOf(part))),
    get models() {
      return source.current;
    },
    get modelsProblem() {
      return source.problem;
    },
    get modelsFailure() {
      return source.failure;
    },
    get defaultModel() {
      return options.defaultModel ?? source.current[0]?.name ?? null;
    },
    defaultImageModel: null,

    streamChat(request, signal) {
      const { body, betas, answerTool } = toAnthropicRequest(request, modelNamed(request.model, source.current));
      const beta = [ownBeta, ...betas].filter((one) => one !== undefined).join(',');
      const headers = beta === '' ? CHAT_HEADERS : { ...CHAT_HEADERS, [BETA]: beta };
      const asked = { method: 'POST', path: '/messages', headers, body: toJson(body) } as const;
      const reader = createAnthropicReader({ name, answerTool, finishGraceMs, http });
      return readEvents(() => http.send(asked, signal), reader);
    },

    modelsListed: source.listed,
    ...(source.askAgain && { refreshModels: source.askAgain }),
    async close() {
      source.close();
      await http.close();
    },
  };
}

const CHAT_HEADERS = {
  ...HEADERS,
  accept: 'text/event-stream, application/json',
  'content-type': 'application/json',
};

function lowerCaseNames(headers: Readonly<Record<string, string>>): Partial<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).map(([header, value]) => [header.toLowerCase(), value]));
}
