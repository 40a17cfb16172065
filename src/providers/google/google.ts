// The protocol of Google's Gemini API: https://ai.google.dev/api/generate-content

import type { ChatPart, ChatRequest } from '../chat.ts';
import { createHttpClient } from '../http/client.ts';
import { isErrorBody } from '../http/error-body.ts';
import { parseObject } from '../http/json.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import { toJson } from '../http/to-json.ts';
import { readEvents } from '../kit/chat-reader.ts';
import { toImage } from '../kit/image-answer.ts';
import { imagePrompt } from '../kit/prompt.ts';
import type { ImageRequest, ModelKind, Provider } from '../provider.ts';
import { fromImageAnswer, toImageOrder } from './images.ts';
import { readsLink } from './media.ts';
import { createModelSource, modelNamed, pathOf } from './models.ts';
import type { GoogleOptions } from './options.ts';
import { createGoogleReader } from './reader.ts';
import { toGoogleRequest } from './request.ts';
import { createToolNames } from './tool-names.ts';

/** Chat, streamed, and pictures from Google, or from any server that speaks its protocol. */
export function createGoogle(
  { id, ...options }: GoogleOptions & { readonly id: string },
  settings: UpstreamSettings,
): Provider {
  const { name, url, working, apiKey, baseUrl } = options;
  // Configured headers are kept out of every message; those of the file win.
  const headers = { ...(apiKey !== undefined && { 'x-goog-api-key': apiKey }), ...options.headers };
  const http = createHttpClient({ ...options, ...settings, headers });
  const source = createModelSource(options, http, { name, warn: settings.warn });

  const find = (kind: ModelKind) => source.current.find((model) => model.kind === kind)?.name ?? null;
  const mayHave = (kind: ModelKind) => options.models === 'discover' || find(kind) !== null;

  function streamChat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatPart> {
    const about = { name, prompt: imagePrompt(request.messages), baseUrl };
    const names = createToolNames(request.tools ?? []);
    const body = toJson(toGoogleRequest(request, modelNamed(request.model, source.current).ways, names));
    const path = `${pathOf(request.model)}:streamGenerateContent?alt=sse`;
    const toPicture = (item: unknown) => toImage(item, about);
    const reader = createGoogleReader({ name, names, toImage: toPicture, http });
    return readEvents(() => http.send({ method: 'POST', path, headers: HEADERS, body }, signal), reader);
  }

  async function generateImages(request: ImageRequest, signal: AbortSignal) {
    const { method, body } = toImageOrder(request, modelNamed(request.model, source.current).ways);
    const asked = { path: `${pathOf(request.model)}:${method}`, headers: HEADERS, body: JSON.stringify(body) };
    const answer = await http.send({ method: 'POST', ...asked }, signal);
    const said = parseObject(await answer.text());
    if (isErrorBody(said)) throw http.toError(said);
    const about = { name, prompt: request.prompt, baseUrl };
    return fromImageAnswer(said, { name, toImage: (item) => toImage(item, about), clean: http.clean });
  }

  return {
    id,
    name,
    url,
    working,
    needsAuth: apiKey !== undefined,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    readsLink: ({ url }) => readsLink(url),
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
      return options.defaultModel ?? find('CHAT');
    },
    get defaultImageModel() {
      return options.defaultImageModel ?? find('IMAGE');
    },
    ...(mayHave('CHAT') && { streamChat }),
    ...(mayHave('IMAGE') && { generateImages }),
    modelsListed: source.listed,
    ...(source.askAgain && { refreshModels: source.askAgain }),
    async close() {
      source.close();
      await http.close();
    },
  };
}

const HEADERS = {
  accept: 'text/event-stream, application/json',
  'content-type': 'application/json',
  'user-agent': 'modelql',
};
