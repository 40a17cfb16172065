import type { ChatPart, Image, Source, Usage } from '../chat.ts';
import { isErrorBody, isFilled, tellsError } from '../http/error-body.ts';
import { isObject, type Json, parseJson } from '../http/json.ts';
import { toAnsweringModel } from '../kit/answering-model.ts';
import { isFailure } from '../kit/finish-reason.ts';
import { pushPart } from '../kit/parts.ts';
import type { CallPiece } from '../kit/tool-calls.ts';
import { toCallPieces } from './calls.ts';
import { toSources } from './sources.ts';
import { toUsage } from './usage.ts';

/** What one chunk of an answer says, or a whole answer. */
export interface OpenAiChunk {
  /** What the upstream tells of its failure; null where it tells of none. Nothing else of the chunk counts then. */
  readonly error: unknown;
  readonly finishReason: string | null;
  readonly usage: Usage | null;
  /** What it says of calls of tools. */
  readonly calls: readonly CallPiece[];
  readonly sources: readonly Source[];
  /** The delta, or the message, as it came; null where there is none. */
  readonly said: Json | null;
  /** Whether this is the whole answer of an upstream that does not stream. */
  readonly whole: boolean;
  /** The model that it is of; null where it does not say. */
  readonly model: string | null;
}

export type ToImage = (item: unknown) => Image;

const NO_CALLS: readonly CallPiece[] = [];

/**
 * Reads the data of one event. Runs for every token: narrow checks by hand, no schema.
 * @param toImage makes a picture of what stands where one should be. @throws ProviderError where it is none
 * @param parts what the answer goes on with is added to these, text that follows text to its end
 * @returns null for what is no JSON. JSON that has nothing of a chunk in it says nothing.
 */
export function fromOpenAiChunk(data: string, toImage: ToImage, parts: ChatPart[]): OpenAiChunk | null {
  const chunk = toChunk(parseJson(data));
  if (chunk === null) return null;
  const choice = firstChoice(chunk.choices);
  const groq = isObject(chunk.x_groq) ? chunk.x_groq : null;
  const streamed = isObject(choice?.delta);
  const message = streamed ? choice?.delta : choice?.message;
  const said = isObject(message) ? message : null;
  const finishReason = toReason(choice?.finish_reason);
  const error = findError(chunk, choice, groq, finishReason);
  if (error === null && said) pushParts(parts, said, toImage);
  else if (error === null) pushText(parts, 'text-delta', choice?.text); // As before there were messages.
  return {
    error,
    finishReason,
    usage: toUsage(chunk.usage) ?? toUsage(groq?.usage) ?? toUsage(choice?.usage),
    calls: said ? toCallPieces(said) : NO_CALLS,
    sources: toSources(chunk, said),
    said,
    whole: !streamed && said !== null && chunk.object !== 'chat.completion.chunk',
    model: toAnsweringModel(chunk.model),
  };
}

/** Some send what there is in a list of one. Null for what is no JSON, or more than one chunk. */
function toChunk(json: unknown): Json | null {
  if (json === undefined || (Array.isArray(json) && json.length > 1)) return null;
  const chunk: unknown = Array.isArray(json) ? json[0] : json;
  return isObject(chunk) ? chunk : {};
}

function pushParts(parts: ChatPart[], said: Json, toImage: ToImage): void {
  const { reasoning_content, reasoning, reasoning_details, content, refusal, audio, images, image } = said;
  pushText(parts, 'reasoning-delta', reasoning_content);
  if (reasoning !== reasoning_content) pushText(parts, 'reasoning-delta', reasoning); // Some send it under both names.
  if (Array.isArray(reasoning_details) && !isFilled(reasoning) && !isFilled(reasoning_content)) {
    for (const detail of reasoning_details) pushThought(parts, detail);
  }
  if (Array.isArray(content)) for (const item of content) pushItem(parts, item, toImage);
  else if (isObject(content)) pushItem(parts, content, toImage);
  else pushText(parts, 'text-delta', content);
  pushText(parts, 'text-delta', refusal);
  if (isObject(audio)) pushText(parts, 'text-delta', audio.transcript);
  if (Array.isArray(images)) for (const one of images) pushImage(parts, one, toImage);
  if (isFilled(image)) pushImage(parts, image, toImage);
}

/** Whether a delta, or a message, is one that the model refuses with: https://platform.openai.com/docs/guides/structured-outputs#refusals */
export function tellsRefusal({ refusal, content }: Json): boolean {
  if (toText(refusal) !== null) return true;
  return Array.isArray(content) && content.some((item) => isObject(item) && toText(item.refusal) !== null);
}

/** One of the parts that some make an answer of, such as Mistral: https://docs.mistral.ai/capabilities/reasoning */
function pushItem(parts: ChatPart[], item: unknown, toImage: ToImage): void {
  if (!isObject(item)) return;
  if (Array.isArray(item.thinking)) for (const thought of item.thinking) pushThought(parts, thought);
  else if (THINKING.has(item.type)) pushThought(parts, item.thinking ?? item);
  else if (/image/.test(String(item.type))) pushImage(parts, item, toImage);
  else {
    pushText(parts, 'text-delta', item.text);
    pushText(parts, 'text-delta', item.refusal);
  }
}

const THINKING: ReadonlySet<unknown> = new Set(['thinking', 'reasoning', 'reasoning_text', 'summary_text']);

/** A text, or an object with one: https://openrouter.ai/docs/use-cases/reasoning-tokens */
function pushThought(parts: ChatPart[], thought: unknown): void {
  const { text, summary } = isObject(thought) ? (thought as Json) : { text: thought };
  pushText(parts, 'reasoning-delta', text);
  pushText(parts, 'reasoning-delta', summary);
}

function pushText(parts: ChatPart[], type: 'text-delta' | 'reasoning-delta', value: unknown): void {
  const text = toText(value);
  if (text !== null) pushPart(parts, { type, text });
}

function pushImage(parts: ChatPart[], item: unknown, toImage: ToImage): void {
  if (item != null) parts.push({ type: 'image', image: toImage(item) });
}

/** Of several answers at once, the one that was asked for. */
function firstChoice(list: unknown): Json | null {
  if (!Array.isArray(list)) return null;
  return list.find((choice) => isObject(choice) && Number(choice.index ?? 0) === 0) ?? null;
}

/** Some send `null` or an empty text where there is nothing to say. */
function toText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Some write `null` in letters while there is no reason. A reason is a word, and what is added to it is bounded. */
function toReason(value: unknown): string | null {
  const reason = toText(value)?.slice(0, MAX_REASON) ?? null;
  return reason !== null && /^(null|none)$/i.test(reason) ? null : reason;
}

const MAX_REASON = 500;

/** Where upstreams put what they tell of a failure. */
function findError(chunk: Json, choice: Json | null, groq: Json | null, finishReason: string | null): unknown {
  if (choice === null ? isErrorBody(chunk) : tellsError(chunk)) return chunk;
  for (const holder of [choice, groq]) if (holder !== null && isFilled(holder.error)) return holder;
  if (finishReason === null || !isFailure(finishReason)) return null;
  return { message: `The answer ended in '${finishReason}'`, finish_reason: finishReason };
}
