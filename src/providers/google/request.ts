import type { ChatRequest, ResponseFormat } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import { isObject, type Json } from '../http/json.ts';
import { toHistory } from './contents.ts';
import type { Ways } from './families.ts';
import { toOpenApiSchema } from './openapi-schema.ts';
import { toThinkingConfig } from './thinking.ts';
import type { ToolNames } from './tool-names.ts';
import { toTools } from './tools.ts';

const MAX_STOPS = 5;

/**
 * The body of a chat. What the caller did not give is undefined, and so left out of the JSON.
 * @throws ProviderError `REJECTED` for what cannot be sent
 * @see https://ai.google.dev/api/generate-content (read 2026-11-27)
 */
export function toGoogleRequest(request: ChatRequest, ways: Ways, names: ToolNames): Json {
  const { stop, reasoningEffort, providerOptions = {} } = request;
  if (stop && stop.length > MAX_STOPS) {
    throw new ProviderError('REJECTED', `Google takes at most ${MAX_STOPS} texts to stop at, got ${stop.length}`);
  }
  return merge(providerOptions, {
    ...toHistory(request.messages, ways, names),
    ...toTools(request, names),
    generationConfig: {
      temperature: request.temperature,
      topP: request.topP,
      topK: request.topK,
      maxOutputTokens: request.maxTokens,
      stopSequences: stop,
      seed: request.seed,
      presencePenalty: request.presencePenalty,
      frequencyPenalty: request.frequencyPenalty,
      ...toFormat(request.responseFormat, ways),
      thinkingConfig: toThinkingConfig(reasoningEffort, ways.thinking),
      responseModalities: ways.pictures === 'content' ? ['TEXT', 'IMAGE'] : undefined,
    },
  });
}

function toFormat(format: ResponseFormat | undefined, { jsonSchemas }: Ways): object {
  if (format === undefined || format.type === 'TEXT') return {};
  const responseMimeType = 'application/json';
  if (format.type === 'JSON') return { responseMimeType };
  if (jsonSchemas) return { responseMimeType, responseJsonSchema: format.schema };
  return { responseMimeType, responseSchema: toOpenApiSchema(format.schema, 'The schema of the answer') };
}

/** What the caller wants sent as well stands beside what we send, at any depth but within schemas. Of tools, both are sent. */
function merge(theirs: Json, ours: Json): Json {
  const merged = Object.entries(ours)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => {
      const other = theirs[key];
      if (key === 'tools' && Array.isArray(value) && Array.isArray(other)) return [key, [...other, ...value]];
      return [key, isRecord(value) && isRecord(other) && !/Schema$/.test(key) ? merge(other, value) : value];
    });
  return { ...theirs, ...Object.fromEntries(merged) };
}

function isRecord(value: unknown): value is Json {
  return isObject(value) && !Array.isArray(value);
}
