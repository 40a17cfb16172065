// The dialect of OpenAI's API that many servers share: https://platform.openai.com/docs/api-reference/chat-streaming
import { ProviderError } from './errors.ts';
import { createHttpClient } from './http.ts';
import { fromImageAnswer } from './image-answer.ts';
import { parseObject, toError, toFinishReason } from './openai-chunk.ts';
import { createChunkReader } from './openai-chunks.ts';
import { toOpenAiImageOrder } from './openai-images.ts';
import { createModelSource } from './openai-models.ts';
import type { OpenAiOptions } from './openai-options.ts';
import type { UpstreamSettings } from './options.ts';
import { imagePrompt } from './prompt.ts';
import type { ChatPart, ChatRequest, ImageRequest, ModelKind, Provider } from './provider.ts';

/** Chat, streamed, and pictures from any server that speaks the dialect. Its models are listed or discovered. */
export function createOpenAiCompatible(
  { id, ...options }: OpenAiOptions & { readonly id: string },
  settings: UpstreamSettings,
): Provider {
  const { url, working, apiKey, needsKey, maxImagesPerCall } = options;
  const name = options.name ?? id;
  // Configured headers are kept out of every message; those of the file win.
  const headers = { ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }), ...options.headers };
  const http = createHttpClient({ ...options, name, headers, ...settings });
  const source = createModelSource(options, http, { name, warn: settings.warn });
  const sizes = createSizes(options);

  const find = (kind: ModelKind) => source.current.find((model) => model.kind === kind)?.name ?? null;
  const mayHave = (kind: ModelKind) => options.models === 'discover' || find(kind) !== null;

  async function* streamChat(request: ChatRequest, signal: AbortSignal): AsyncGenerator<ChatPart, void, void> {
    const body = JSON.stringify(toOpenAiChat(request, options));
    const answer = await http.send({ method: 'POST', path: '/chat/completions', headers: HEADERS, body }, signal);
    const readChunk = createChunkReader(imagePrompt(request.messages));
    let empty = true;
    let complete = false;
    let rawReason: string | null = null;
    let usage: Extract<ChatPart, { type: 'finish' }>['usage'] = null;

    for await (const events of answer.events(isDone)) {
      const parts: ChatPart[] = []; // Text that came together is one part.
      let error: unknown = null;
      for (const data of events) {
        complete ||= isDone(data);
        const chunk = readChunk(data, parts);
        if (chunk === null) continue; // Malformed: the end decides whether something is missing.
        error = chunk.error;
        if (error !== null) break;
        rawReason = chunk.finishReason ?? rawReason;
        usage = chunk.usage ?? usage;
        complete ||= chunk.whole;
      }
      empty &&= parts.length === 0;
      for (const part of parts) yield part;
      if (error !== null) throw http.toError(error);
    }

    if (!complete && rawReason === null) throw new ProviderError('BAD_RESPONSE', `${name} broke its answer off`);
    if (empty && (rawReason === null || rawReason === 'stop')) {
      throw new ProviderError('BAD_RESPONSE', `${name} sent an answer without content`);
    }
    yield { type: 'finish', reason: toFinishReason(rawReason), rawReason, usage };
  }

  async function generateImages(request: ImageRequest, signal: AbortSignal) {
    const body = JSON.stringify(toOpenAiImageOrder(request, sizes.of(request.model)));
    const answer = await http.send({ method: 'POST', path: options.imagesPath, headers: HEADERS, body }, signal);
    const said = parseObject(await answer.text());
    const error = toError(said?.error);
    if (error !== null) throw http.toError(error);
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
    chatOptions: ['temperature', 'topP', 'maxTokens', 'stop', 'seed'],
    supportsAspectRatio: sizes.differ,
    maxImagesPerCall,
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

/** An option that the caller did not give is undefined, and so left out of the JSON. */
function toOpenAiChat(
  { model, messages, temperature, topP, maxTokens, stop, seed }: ChatRequest,
  { maxTokensField, streamUsage }: OpenAiOptions,
) {
  return {
    model,
    messages: messages.map(({ role, content }) => ({ role: role.toLowerCase(), content })),
    stream: true,
    stream_options: streamUsage ? { include_usage: true } : undefined,
    temperature,
    top_p: topP,
    [maxTokensField]: maxTokens,
    stop,
    seed,
  };
}

/** The end of an answer; a chunk may be large, and begins with a brace. */
function isDone(data: string): boolean {
  return data.length < 100 && data.trim() === '[DONE]';
}

/** The sizes of a model: its own, or the provider's. */
function createSizes({ models, sizes }: OpenAiOptions) {
  const own = new Map(models === 'discover' ? [] : models.map((model) => [model.name, model.sizes]));
  const all = [sizes, ...own.values()].flatMap((some) => some ?? []);
  return {
    of: (model: string) => own.get(model) ?? sizes,
    /** Whether there are others than squares. */
    differ: all.some((size) => !/^(.+)[x:]\1$/.test(size)),
  };
}
