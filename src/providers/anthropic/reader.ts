import type { ChatPart, FinishReason } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import type { HttpClient } from '../http/client.ts';
import { isErrorBody } from '../http/error-body.ts';
import { isObject, type Json, parseObject } from '../http/json.ts';
import { toAnsweringModel } from '../kit/answering-model.ts';
import type { ChatReader } from '../kit/chat-reader.ts';
import { toFinishReason } from '../kit/finish-reason.ts';
import { createContent } from './content.ts';
import { createEventReader } from './events.ts';
import { type Counts, mergeCounts, toUsage } from './usage.ts';

interface AnthropicReaderOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  /** The tool whose arguments are the answer, where there is one. */
  readonly answerTool: string | null;
  /** How long an answer that has told its end is waited for. */
  readonly finishGraceMs: number;
  readonly http: Pick<HttpClient, 'toError' | 'clean'>;
}

/** Reads the events of one answer: https://platform.claude.com/docs/en/build-with-claude/streaming */
export function createAnthropicReader(options: AnthropicReaderOptions): ChatReader<[data: string, type: string]> {
  const { name, answerTool, finishGraceMs, http } = options;
  const readEvent = createEventReader();
  const content = createContent(name, answerTool);
  let counts: Counts | null = null;
  let rawReason: string | null = null;
  let model: string | null = null;
  let hasBegun = false;
  let isOver = false;

  const isComplete = () => isOver || rawReason !== null;

  /** Nothing that comes after the end counts against the answer. */
  function fail(error: ProviderError) {
    if (!isComplete()) throw error;
  }

  const unreadable = () => new ProviderError('BAD_RESPONSE', `${name} sent an event that cannot be read`);

  /** A message, whole or as it begins. One that begins once more, where a gateway sends two, is the same. */
  function readMessage(parts: ChatPart[], message: Json) {
    note(message);
    if (hasBegun) return;
    hasBegun = true;
    model = toAnsweringModel(message.model);
    for (const block of Array.isArray(message.content) ? message.content : []) {
      if (!isObject(block)) continue;
      content.begin(parts, WHOLE, block);
      content.stop(parts, WHOLE);
    }
  }

  function note({ stop_reason, usage }: Json) {
    if (typeof stop_reason === 'string' && stop_reason !== '') rawReason = stop_reason.slice(0, MAX_REASON);
    counts = mergeCounts(counts, usage);
  }

  function readOtherEvent(parts: ChatPart[], event: Json, name: string) {
    const index = Number(event.index);
    switch (event.type ?? name) {
      case 'message_start':
        if (isObject(event.message)) readMessage(parts, event.message);
        break;
      case 'message':
        readMessage(parts, event);
        isOver = true;
        break;
      case 'content_block_start':
        if (isObject(event.content_block)) content.begin(parts, index, event.content_block);
        break;
      case 'content_block_delta':
        if (isObject(event.delta)) content.addOther(parts, index, event.delta);
        break;
      case 'content_block_stop':
        content.stop(parts, index);
        break;
      case 'message_delta':
        if (isObject(event.delta)) note(event.delta);
        note({ usage: event.usage });
        break;
      case 'message_stop':
        isOver = true;
        break;
      case 'error':
        fail(http.toError(event));
        break;
      default:
        if (isErrorBody(event)) fail(http.toError(event));
    }
  }

  /** Whether tools are called is seen, and the answer's own tool is none of the caller's. */
  function toReason(told: FinishReason): FinishReason {
    if (content.calls > 0) return told === 'STOP' || rawReason === null ? 'TOOL_CALLS' : told;
    return told === 'TOOL_CALLS' && answerTool !== null ? 'STOP' : told;
  }

  return {
    read(parts, data, type) {
      const event = readEvent(data);
      if (event?.type === 'delta') content.add(parts, event);
      else if (event) readOtherEvent(parts, event.event, type);
      else if (type === 'error') fail(http.toError({ message: data }));
      else if (type !== 'ping' && data.trim() !== '') fail(unreadable());
    },
    /** The name of a field, or the end of the line before it, may have been lost. */
    readOther(line) {
      if (/"type"\s*:\s*"(content_block|message)_/.test(line) && parseObject(line) === null) fail(unreadable());
    },
    end(parts) {
      if (!isComplete()) return null;
      const told = toFinishReason(rawReason);
      if (!content.end(parts, rawReason !== null && told !== 'STOP' && told !== 'TOOL_CALLS')) return null;
      return {
        reason: toReason(told),
        rawReason: rawReason && http.clean(rawReason),
        usage: toUsage(counts),
        ...(model !== null && { model: http.clean(model) }),
        continuation: content.continuation,
      };
    },
    get graceMs() {
      if (isOver) return 0;
      return isComplete() ? finishGraceMs : undefined;
    },
  };
}

/** The place of blocks that come whole, which no event names. */
const WHOLE = -1;
/** A reason is a word, and what is added to it is bounded. */
const MAX_REASON = 500;
