// Amazon Bedrock's Converse API: https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html

import { joinUrl } from '../http/base-url.ts';
import { createHttpClient, type HttpRequest } from '../http/client.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import { toJson } from '../http/to-json.ts';
import { readFrames } from '../kit/chat-reader.ts';
import { LIST_TIMEOUT_MS } from '../kit/discover-models.ts';
import { toImage } from '../kit/image-answer.ts';
import { imagePrompt } from '../kit/prompt.ts';
import type { Provider } from '../provider.ts';
import { createFrameSplitter } from './frames.ts';
import { createModelSource, modelNamed } from './models.ts';
import type { BedrockOptions } from './options.ts';
import { createBedrockReader } from './reader.ts';
import { toBedrockRequest } from './request.ts';
import { createSigner } from './sign.ts';

/** Chat from the models of Amazon Bedrock. Models that only make pictures are none of it. */
export function createBedrock(
  { id, ...options }: BedrockOptions & { readonly id: string },
  settings: UpstreamSettings,
): Provider {
  const { name, working, region, apiKey, credentials, baseUrl, modelsUrl } = options;
  const { finishGraceMs } = settings.limits;
  // Configured headers are kept out of every message; those of the file win.
  const headers = { ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }), ...options.headers };
  const secrets = Object.values(credentials ?? {}).filter((secret) => secret !== undefined);
  const client = { ...options, ...settings, headers, secrets };
  const runtime = createHttpClient(client);
  const lists = createHttpClient({ ...client, baseUrl: modelsUrl });
  const sign = credentials && createSigner({ service: 'bedrock', region, credentials });

  /** To be sent at once: a signature holds for a few minutes. */
  async function signed(request: HttpRequest, base: string): Promise<HttpRequest> {
    if (!sign) return { ...request, headers: { ...HEADERS, ...request.headers } };
    const proof = await sign({ ...request, url: joinUrl(base, request.path) });
    return { ...request, headers: { ...HEADERS, ...request.headers, ...proof } };
  }

  const source = createModelSource(
    options,
    async (signal) => lists.send(await signed(LIST, modelsUrl), signal),
    settings.warn,
  );

  return {
    id,
    name,
    url: 'https://aws.amazon.com/bedrock',
    working,
    needsAuth: apiKey !== undefined || credentials !== null,
    supportsStream: true,
    supportsSystemMessage: true,
    supportsMessageHistory: true,
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
      const model = modelNamed(request.model, source.current);
      const { body, answerTool } = toBedrockRequest(request, model);
      const asked: HttpRequest = {
        method: 'POST',
        path: `/model/${encodeURIComponent(request.model)}/converse-stream`,
        headers: { 'content-type': 'application/json' },
        body: toJson(body),
      };
      const about = { name, prompt: imagePrompt(request.messages), baseUrl };
      const reader = createBedrockReader({
        name,
        maker: model.ways.maker,
        answerTool,
        toImage: (item) => toImage(item, about),
        finishGraceMs,
        http: runtime,
      });
      return readFrames(async () => runtime.send(await signed(asked, baseUrl), signal), reader, createFrameSplitter);
    },

    modelsListed: source.listed,
    ...(source.askAgain && { refreshModels: source.askAgain }),
    async close() {
      source.close();
      await Promise.all([runtime.close(), lists.close()]);
    },
  };
}

const HEADERS = {
  accept: 'application/vnd.amazon.eventstream, application/json',
  'user-agent': 'modelql', // Some services turn away those who do not say who they are.
};

const LIST: HttpRequest = { method: 'GET', path: '/foundation-models', timeoutMs: LIST_TIMEOUT_MS };
