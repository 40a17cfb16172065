import type { ChatPart, Image } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import type { HttpClient } from '../http/client.ts';
import { isErrorBody, tellsError } from '../http/error-body.ts';
import { isObject, type Json, parseJson, parseObject } from '../http/json.ts';
import { toAnsweringModel } from '../kit/answering-model.ts';
import type { ChatReader } from '../kit/chat-reader.ts';
import { firstReason, toFinishReason } from '../kit/finish-reason.ts';
import { createAnswer } from './answer.ts';
import type { ToolNames } from './tool-names.ts';
import { type Counts, mergeCounts, toUsage } from './usage.ts';

interface GoogleReaderOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  readonly names: ToolNames;
  /** @throws ProviderError for what is no picture */
  readonly toImage: (item: unknown) => Image;
  readonly http: Pick<HttpClient, 'toError' | 'clean'>;
}

/**
 * Reads the chunks of one answer. Nothing in it says that it is over but the end of the body, behind a reason for it.
 * @see https://ai.google.dev/api/generate-content#GenerateContentResponse
 */
export function createGoogleReader(options: GoogleReaderOptions): ChatReader<[data: string, type: string]> {
  const { name, http } = options;
  const answer = createAnswer(options);
  let counts: Counts | null = null;
  let rawReason: string | null = null;
  let model: string | null = null;
  /** Why there is no answer. */
  let blockReason: string | null = null;

  const unreadable = () => new ProviderError('BAD_RESPONSE', `${name} sent an event that cannot be read`);

  function readChunk(parts: ChatPart[], chunk: Json) {
    if (tellsError(chunk) || (chunk.candidates === undefined && isErrorBody(chunk))) throw http.toError(chunk);
    counts = mergeCounts(counts, chunk.usageMetadata);
    model ??= toAnsweringModel(chunk.modelVersion);
    if (isObject(chunk.promptFeedback)) blockReason ??= toWord(chunk.promptFeedback.blockReason);
    const candidate = firstCandidate(chunk.candidates);
    if (candidate === null) return;
    const said = isObject(candidate.content) ? candidate.content.parts : [];
    for (const part of Array.isArray(said) ? said : []) if (isObject(part)) answer.add(parts, part);
    answer.cite(parts, candidate.groundingMetadata);
    rawReason = firstReason(rawReason, toWord(candidate.finishReason));
  }

  return {
    read(parts, data) {
      const said = parseJson(data);
      if (said === undefined && data.trim() !== '') throw unreadable();
      for (const chunk of Array.isArray(said) ? said : [said]) if (isObject(chunk)) readChunk(parts, chunk);
    },
    /** The name of a field, or the end of the line before it, may have been lost. */
    readOther(line) {
      if (/"candidates"\s*:/.test(line) && parseObject(line) === null) throw unreadable();
    },
    end(parts) {
      if (rawReason === null && blockReason === null) return null;
      const told = rawReason === null ? 'CONTENT_FILTER' : toFinishReason(rawReason);
      if (!answer.end(parts, told !== 'STOP')) return null;
      const reason = told === 'STOP' && answer.calls > 0 ? 'TOOL_CALLS' : told;
      return {
        reason,
        rawReason: http.clean(rawReason ?? blockReason ?? ''),
        usage: toUsage(counts),
        ...(model !== null && { model: http.clean(model) }),
        continuation: answer.continuation,
      };
    },
  };
}

/** Of several answers at once, the one that was asked for. */
function firstCandidate(candidates: unknown): Json | null {
  if (!Array.isArray(candidates)) return null;
  return candidates.find((one) => isObject(one) && Number(one.index ?? 0) === 0) ?? null;
}

/** A reason is a word, and what is added to it is bounded. */
function toWord(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_REASON) : null;
}

const MAX_REASON = 500;
