// OpenAI's API, in the older dialect that many servers share or in the newer one: https://platform.openai.com/docs/api-reference

import type { ChatPart, ChatRequest } from '../chat.ts';
import type { ProviderError } from '../errors.ts';
import { createHttpClient } from '../http/client.ts';
import { isErrorBody } from '../http/error-body.ts';
import { type Json, parseObject } from '../http/json.ts';
import type { HttpResponse } from '../http/response.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import { toJson } from '../http/to-json.ts';
import { type Finish, readEvents } from '../kit/chat-reader.ts';
import { fromImageAnswer, toItems } from '../kit/image-answer.ts';
import { isTextType, mediaTypeOf } from '../kit/media-part.ts';
import type { ImageRequest, ModelKind, Provider } from '../provider.ts';
import type { ChatApi } from './chat-api.ts';
import { toOpenAiImageOrder } from './images.ts';
import { createModelSource } from './model-source.ts';
import type { OpenAiOptions } from './options.ts';

/**
 * Chat, streamed, and pictures from any server that speaks one of the dialects. Its models are listed or discovered.
 * @param ask over the protocol that the options name
 */
export function createOpenAiCompatible(
  { id, ...options }: OpenAiOptions & { readonly id: string },
  settings: UpstreamSettings,
  ask: ChatApi,
): Provider {
  const { url, working, apiKey, needsKey, linkedMedia } = options;
  const { finishGraceMs } = settings.limits;
  const name = options.name ?? id;
  // Configured headers are kept out of every message; those of the file win.
  const headers = { ...toKeyHeader(options), ...options.headers };
  const http = createHttpClient({ ...options, name, headers, ...settings });
  const source = createModelSource(options, http, { name, warn: settings.warn });
  const own = new Map(options.models === 'discover' ? [] : options.models.map((model) => [model.name, model]));

  const find = (kind: ModelKind) => source.current.find((model) => model.kind === kind)?.name ?? null;
  const mayHave = (kind: ModelKind) => options.models === 'discover' || find(kind) !== null;

  /** What is configured to be sent as well stands behind what the caller wants sent, and both behind what we send. */
  const toExtra = (model: string, theirs: object = {}): Json => ({
    ...options.extraBody,
    ...own.get(model)?.extraBody,
    ...theirs,
  });

  async function post(path: string, model: string, body: object, signal: AbortSignal): Promise<HttpResponse> {
    const deployed = path.replace('{model}', encodeURIComponent(model));
    return http.send({ method: 'POST', path: deployed, headers: HEADERS, body: toJson(body) }, signal);
  }

  function streamChat(request: ChatRequest, signal: AbortSignal): AsyncIterable<ChatPart> {
    const { model } = request;
    const extra = toExtra(model, request.providerOptions);
    const configured = own.get(model) ?? {};
    const call = ask(request, { id, name, options, model: configured, extra, finishGraceMs, http });
    const body = withExtra(call.body, extra);
    return readEvents(() => post(call.path, model, body, signal), call.reader, toFilteredFinish);
  }

  async function generateImages(request: ImageRequest, signal: AbortSignal) {
    const { model, prompt } = request;
    const order = toOpenAiImageOrder(request, own.get(model)?.sizes ?? options.sizes);
    const answer = await post(options.imagesPath, model, withExtra(order, toExtra(model)), signal);
    const said = parseObject(await answer.text());
    const error = [said, ...toItems(said)].find(isErrorBody);
    if (error !== undefined) throw http.toError(error);
    return fromImageAnswer(said, { name, prompt, baseUrl: options.baseUrl });
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
    readsLink: (part) => linkedMedia.includes(part.type) && !isTextType(mediaTypeOf(part)), // A text is sent as one.
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
  'user-agent': 'modelql', // Some services turn away those who do not say who they are.
};

function toKeyHeader({ apiKey, keyHeader }: OpenAiOptions): Readonly<Record<string, string>> {
  if (apiKey === undefined) return {};
  return keyHeader === 'authorization' ? { authorization: `Bearer ${apiKey}` } : { [keyHeader]: apiKey };
}

/** Ours win, but for what we do not say. */
function withExtra(ours: object, extra: Json): Json {
  const given = Object.entries(ours).filter(([, value]) => value !== undefined);
  return { ...extra, ...Object.fromEntries(given) };
}

/** A filter before the model refuses a prompt with a status: https://learn.microsoft.com/azure/ai-foundry/openai/concepts/content-filter */
function toFilteredFinish({ status, words }: ProviderError): Finish | null {
  if (status !== 400 || !words.includes('content_filter')) return null;
  return { reason: 'CONTENT_FILTER', rawReason: 'content_filter', usage: null };
}
