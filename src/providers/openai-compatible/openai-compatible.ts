// The dialect of OpenAI's API that many servers share: https://platform.openai.com/docs/api-reference/chat-streaming

import type { ChatPart, ChatRequest } from '../chat.ts';
import { createOpenAiReader } from '../chat-completions/reader.ts';
import { createHttpClient } from '../http/client.ts';
import { isErrorBody } from '../http/error-body.ts';
import { parseObject } from '../http/json.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import { toJson } from '../http/to-json.ts';
import { readEvents } from '../kit/chat-reader.ts';
import { fromImageAnswer, toImage, toItems } from '../kit/image-answer.ts';
import { imagePrompt } from '../kit/prompt.ts';
import type { ImageRequest, ModelKind, Provider } from '../provider.ts';
import { toOpenAiChat } from './chat-request.ts';
import { toOpenAiImageOrder } from './images.ts';
import { createModelSource } from './model-source.ts';
import type { OpenAiOptions } from './options.ts';

/** Chat, streamed, and pictures from any server that speaks the dialect. Its models are listed or discovered. */
export function createOpenAiCompatible(
  { id, ...options }: OpenAiOptions & { readonly id: string },
  settings: UpstreamSettings,
): Provider {
  const { url, working, apiKey, needsKey, linkedMedia } = options;
  const { finishGraceMs } = settings.limits;
  const name = options.name ?? id;
  // Configured headers are kept out of every message; those of the file win.
  const headers = { ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }), ...options.headers };
  const http = createHttpClient({ ...options, name, headers, ...settings });
  const source = createModelSource(options, http, { name, warn: settings.warn });
  const own = new Map(options.models === 'discover' ? [] : options.models.map((model) => [model.name, model]));

  const find = (kind: ModelKind) => source.current.find((model) => model.kind === kind)?.name ?? null;
  const mayHave = (kind: ModelKind) => options.models === 'discover' || find(kind) !== null;

  /** What is configured to be sent as well stands behind what the caller wants sent, and both behind what we send. */
  function toBody(model: string, ours: object, theirs: object = {}): string | Uint8Array {
    const given = Object.entries(ours).filter(([, value]) => value !== undefined);
    const { extraBody } = own.get(model) ?? {};
    return toJson({ ...options.extraBody, ...extraBody, ...theirs, ...Object.fromEntries(given) });
  }

  function streamChat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatPart> {
    const about = { name, prompt: imagePrompt(request.messages), baseUrl: options.baseUrl };
    const thinkTags = own.get(request.model)?.thinkTags ?? options.thinkTags;
    const dialect = { ...options, ...own.get(request.model) };
    const body = toBody(request.model, toOpenAiChat(request, dialect), request.providerOptions);
    const asked = { method: 'POST', path: '/chat/completions', headers: HEADERS, body } as const;
    const reader = createOpenAiReader({
      name,
      thinkTags,
      finishGraceMs,
      reasoningHistory: dialect.reasoningHistory,
      http,
      toImage: (item) => toImage(item, about),
    });
    return readEvents(() => http.send(asked, signal), reader);
  }

  async function generateImages(request: ImageRequest, signal: AbortSignal) {
    const body = toBody(request.model, toOpenAiImageOrder(request, own.get(request.model)?.sizes ?? options.sizes));
    const answer = await http.send({ method: 'POST', path: options.imagesPath, headers: HEADERS, body }, signal);
    const said = parseObject(await answer.text());
    const error = [said, ...toItems(said)].find(isErrorBody);
    if (error !== undefined) throw http.toError(error);
    return fromImageAnswer(said, { name, prompt: request.prompt, baseUrl: options.baseUrl });
  }

  return {
    id,
    name,
    url,
    working,
    needsAuth: needsKey || apiKey !== undefined,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
    linkedMedia,
    get models() {
      return source.current;
    },
    get modelsProblem() {
      return source.problem;
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
  'user-agent': 'modelql', // Some services turn away those who do not say who they are.
};
