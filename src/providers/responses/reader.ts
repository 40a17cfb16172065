import type { ChatPart, FinishReason, Usage } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import type { HttpClient } from '../http/client.ts';
import { isErrorBody } from '../http/error-body.ts';
import { isObject, type Json, parseObject } from '../http/json.ts';
import { toAnsweringModel } from '../kit/answering-model.ts';
import type { ChatReader } from '../kit/chat-reader.ts';
import { toFinishReason } from '../kit/finish-reason.ts';
import { createOutput, type TextPiece } from './output.ts';
import { toUsage } from './usage.ts';

interface ResponsesReaderOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  /** Of the continuation. */
  readonly dialect: string;
  /** Makes a part of a picture that the model made. @throws ProviderError where it is none */
  readonly toImagePart: (item: Json) => ChatPart;
  readonly http: Pick<HttpClient, 'toError' | 'clean'>;
}

/** What the end of an answer tells. */
interface End {
  readonly rawReason: string;
  readonly usage: Usage | null;
  readonly model: string | null;
}

/** Reads the events of one answer: https://platform.openai.com/docs/api-reference/responses-streaming */
export function createResponsesReader(options: ResponsesReaderOptions): ChatReader<[data: string, type: string]> {
  const { name, http } = options;
  const output = createOutput(options);
  let isRefused = false;
  let last = 0;
  let end: End | undefined;

  const unreadable = () => new ProviderError('BAD_RESPONSE', `${name} sent an event that cannot be read`);

  function readEvent(parts: ChatPart[], event: Json, type: string) {
    if (typeof event.output_index === 'number') last = event.output_index;
    const text = TEXT_EVENTS.get(type);
    if (text) readText(parts, event, text);
    else if (type === 'response.output_item.added' && isObject(event.item)) output.begin(parts, last, event.item);
    else if (type === 'response.output_item.done' && isObject(event.item)) finish(parts, last, event.item);
    else if (type === 'response.output_text.annotation.added') output.cite(parts, event.annotation);
    else if (ENDS.has(type) && isObject(event.response)) readEnd(parts, ENDS.get(type), event.response);
    else if (event.object === 'response') readWhole(parts, event);
    else if (type === 'error' || (!type.startsWith('response.') && isErrorBody(event))) throw http.toError(event);
  }

  function readText(parts: ChatPart[], event: Json, text: TextEvent) {
    isRefused ||= text.which === 'refusal';
    const piece = toTextPiece(event, text);
    if (text.isWhole) output.complete(parts, last, piece);
    else output.add(parts, last, piece);
  }

  function finish(parts: ChatPart[], index: number, item: Json) {
    const content = Array.isArray(item.content) ? item.content : [];
    isRefused ||= content.some((part) => isObject(part) && part.type === 'refusal');
    output.finish(parts, index, item);
  }

  /** The answer of a server that does not stream; one that is being written is none. */
  function readWhole(parts: ChatPart[], response: Json) {
    const status = ENDS.get(`response.${response.status}`);
    if (status !== undefined) readEnd(parts, status, response);
  }

  /** It has the whole answer once more, which says something where no event has. */
  function readEnd(parts: ChatPart[], status: string | undefined, response: Json) {
    const { error, incomplete_details: details, usage, model, output: items } = response;
    if (isObject(error)) throw http.toError({ error });
    if (status === 'failed' || status === 'cancelled') throw http.toError({ message: `The answer ${status}` });
    if (output.isEmpty && Array.isArray(items)) {
      for (const [index, item] of items.entries()) if (isObject(item)) finish(parts, index, item);
    }
    const reason = toText(isObject(details) && details.reason) || toText(status);
    end = { rawReason: reason.slice(0, MAX_REASON), usage: toUsage(usage), model: toAnsweringModel(model) };
  }

  return {
    read(parts, data, type) {
      const event = parseObject(data);
      if (event) readEvent(parts, event, typeof event.type === 'string' ? event.type : type);
      else if (type === 'error') throw http.toError({ message: data });
      else if (type !== 'ping' && !NOTHING.test(data)) throw unreadable();
    },
    /** The name of a field, or the end of the line before it, may have been lost. */
    readOther(line) {
      if (/"type"\s*:\s*"response\./.test(line) && parseObject(line) === null) throw unreadable();
    },
    end(parts) {
      if (!end) return null;
      const told = toFinishReason(end.rawReason);
      const isCut = told !== 'STOP';
      const continuation = output.end(parts, isCut);
      const rawReason = http.clean(end.rawReason);
      const { usage, model } = end;
      const answering = model !== null && { model: http.clean(model) };
      return { reason: toReason(told), rawReason, usage, ...answering, continuation };
    },
    get graceMs() {
      return end && 0; // Nothing counts after it.
    },
  };

  function toReason(told: FinishReason): FinishReason {
    if (told !== 'STOP') return told;
    if (output.calls > 0) return 'TOOL_CALLS';
    return isRefused ? 'CONTENT_FILTER' : 'STOP';
  }
}

/** How an answer ended, by the type of the event that tells it. */
const ENDS: ReadonlyMap<string, string> = new Map(
  ['completed', 'incomplete', 'failed', 'cancelled'].map((status) => [`response.${status}`, status]),
);

/** Such as `[DONE]`, which some send as they do in the older protocol. */
const NOTHING = /^\s*(\[DONE\]|ping)?\s*$/i;

/** A reason is a word, and what is added to it is bounded. */
const MAX_REASON = 500;

interface TextEvent extends Pick<TextPiece, 'of'> {
  /** Which of the texts of an item, but for their number. */
  readonly which: string;
  /** The field that has the text. */
  readonly field: string;
  /** Whether that is all of it. */
  readonly isWhole: boolean;
}

/** By the type of an event. */
const TEXT_EVENTS: ReadonlyMap<string, TextEvent> = new Map(
  (
    [
      ['output_text', 'text', 'content', 'text'],
      ['refusal', 'text', 'refusal', 'refusal'],
      ['reasoning_summary_text', 'reasoning', 'summary', 'text'],
      ['reasoning_text', 'reasoning', 'content', 'text'],
      ['function_call_arguments', 'arguments', '', 'arguments'],
    ] as const
  ).flatMap(([event, of, which, field]): [string, TextEvent][] => [
    [`response.${event}.delta`, { of, which, field: 'delta', isWhole: false }],
    [`response.${event}.done`, { of, which, field, isWhole: true }],
  ]),
);

function toTextPiece(event: Json, { of, which, field }: TextEvent): TextPiece {
  const { [field]: text, summary_index, content_index } = event;
  const key = which && `${which}/${Number(summary_index ?? content_index ?? 0)}`;
  return { of, key, text: toText(text) };
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
