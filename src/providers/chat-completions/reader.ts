import type { ChatPart, FinishReason, Source, Usage } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import type { HttpClient } from '../http/client.ts';
import { parseObject, splitJsonTexts } from '../http/json.ts';
import type { ChatReader } from '../kit/chat-reader.ts';
import { firstReason, toFinishReason } from '../kit/finish-reason.ts';
import { pushPart } from '../kit/parts.ts';
import { createThinkTags, type ThinkTagsMode } from '../kit/think-tags.ts';
import { createToolCalls } from '../kit/tool-calls.ts';
import { type OpenAiChunk, type ToImage, tellsRefusal } from './chunk.ts';
import { createChunkReader, ONLY_TEXT } from './chunk-templates.ts';
import type { ReasoningHistory } from './continuation.ts';
import { createReasoningCollector } from './reasoning-collector.ts';
import { mergeUsage } from './usage.ts';

interface OpenAiReaderOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  /** Makes a picture of what stands where one should be. @throws ProviderError where it is none */
  readonly toImage: ToImage;
  readonly thinkTags: ThinkTagsMode;
  /** How long an answer that has told its end is waited for. */
  readonly finishGraceMs: number;
  /** What the server wants to see again of the answer. @default 'none' */
  readonly reasoningHistory?: ReasoningHistory | 'none';
  readonly http: Pick<HttpClient, 'toError' | 'clean'>;
}

/** In answers that end so, the last call may be cut. */
const CUTS: ReadonlySet<FinishReason> = new Set(['LENGTH', 'CONTENT_FILTER']);

/** Reads the events of one answer in the dialect of `/chat/completions`. */
export function createOpenAiReader(options: OpenAiReaderOptions): ChatReader<[data: string, type: string]> {
  const { name, toImage, thinkTags, finishGraceMs, reasoningHistory = 'none', http } = options;
  const collector = reasoningHistory === 'none' ? null : createReasoningCollector(reasoningHistory);
  const readChunk = createChunkReader({ toImage, keepsThinking: collector !== null });
  const calls = createToolCalls(name);
  const cited = new Set<string>();
  let tags = createThinkTags(thinkTags);
  let isOver = false;
  let isWhole = false;
  let isRefused = false;
  let rawReason: string | null = null;
  let usage: Usage | null = null;
  let model: string | null = null;

  const isComplete = () => isOver || isWhole || rawReason !== null;

  /** Nothing that comes after the end counts against the answer. */
  function fail(error: ProviderError) {
    if (!isComplete()) throw error;
  }

  function readData(data: string, parts: ChatPart[]) {
    if (isDone(data)) {
      isOver = true;
      return;
    }
    const said = tags.isDone && !collector ? parts : [];
    const chunk = readChunk(data, said);
    if (chunk === ONLY_TEXT && said === parts) return; // As nearly all do.
    if (chunk === null) return readTexts(data, parts);
    if (chunk.error !== null) return fail(http.toError(chunk.error));
    if (said !== parts) for (const part of said) readTags(part, parts);
    collector?.add(chunk.said, said);
    if (chunk.calls.length > 0 && !tags.isDone) endTags(parts);
    for (const piece of chunk.calls) calls.add(parts, piece);
    for (const source of chunk.sources) cite(source, parts);
    note(chunk);
  }

  function note(chunk: OpenAiChunk) {
    rawReason = firstReason(rawReason, chunk.finishReason);
    usage = mergeUsage(usage, chunk.usage);
    model ??= chunk.model;
    isWhole ||= chunk.whole;
    isRefused ||= chunk.said !== null && tellsRefusal(chunk.said);
  }

  function toReason(told: FinishReason): FinishReason {
    if (CUTS.has(told)) return told;
    if (calls.count > 0) return 'TOOL_CALLS';
    return isRefused ? 'CONTENT_FILTER' : told;
  }

  function cite(source: Source, parts: ChatPart[]) {
    if (cited.has(source.url)) return;
    cited.add(source.url);
    parts.push({ type: 'source', ...source });
  }

  function readTags(part: ChatPart, parts: ChatPart[]) {
    if (tags.isDone) return pushPart(parts, part);
    if (part.type === 'text-delta') return tags.push(part.text, parts);
    if (part.type === 'reasoning-delta') endTags(parts); // It has a field: the text is the answer.
    pushPart(parts, part);
  }

  function endTags(parts: ChatPart[]) {
    tags.end(parts);
    tags = createThinkTags('off');
  }

  /** Some put several chunks, or a chunk and the end, into one event. */
  function readTexts(data: string, parts: ChatPart[]) {
    const texts = splitJsonTexts(data);
    if (texts.length > 1 || texts[0] !== data.trim()) for (const text of texts) readData(text, parts);
    else if (data.trim() !== '') fail(unreadable());
  }

  const unreadable = () => new ProviderError('BAD_RESPONSE', `${name} sent an event that cannot be read`);

  return {
    read(parts, data, type) {
      if (isPing(type) || isPing(data)) return;
      if (type === 'error') fail(http.toError(parseObject(data) ?? { message: data }));
      else readData(data, parts);
    },
    /** The name of a field, or the end of the line before it, may have been lost. A comment in words is one. */
    readOther(line) {
      if (/^:\s*[^\s{[]/.test(line)) return;
      if (/"choices"\s*:/.test(line) && parseObject(line) === null) fail(unreadable());
    },
    end(parts) {
      endTags(parts);
      if (!isComplete()) return null;
      if (rawReason === null && !isWhole && !calls.areWhole) return null; // Some proxies end what was broken off.
      const told = toFinishReason(rawReason);
      calls.end(parts, CUTS.has(told));
      return {
        reason: toReason(told),
        rawReason: rawReason && http.clean(rawReason),
        usage,
        ...(model !== null && { model: http.clean(model) }),
        ...(collector && { continuation: collector.end(calls.count > 0) }),
      };
    },
    get graceMs() {
      if (isOver) return 0;
      return isComplete() ? finishGraceMs : undefined;
    },
  };
}

/** The type of an event that keeps a connection alive, or all its data. */
function isPing(text: string): boolean {
  return text.length > 3 && text.length < 20 && /^(ping|heart-?beat|keep-?alive)$/i.test(text);
}

/** The end of an answer; a chunk may be large, and begins with a brace. */
function isDone(data: string): boolean {
  return data.length < 100 && data.trim() === '[DONE]';
}
