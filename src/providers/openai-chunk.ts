import type { ChatPart, FinishReason, Usage } from './provider.ts';

/** What one chunk of an answer says, or a whole answer. */
export interface OpenAiChunk {
  /** What the upstream tells of its failure; null where it tells of none. Nothing else of the chunk counts then. */
  readonly error: unknown;
  readonly finishReason: string | null;
  readonly usage: Usage | null;
  /** Whether this is the whole answer of an upstream that does not stream. */
  readonly whole: boolean;
}

/**
 * Reads the data of one event. Runs for every token: narrow checks by hand, no schema.
 * @param alt what is written beside pictures
 * @param parts what the answer goes on with is added to these, text that follows text to its end
 * @returns null for what is no JSON object
 */
export function fromOpenAiChunk(data: string, alt: string, parts: ChatPart[]): OpenAiChunk | null {
  const chunk = parseObject(data);
  if (chunk === null) return null;
  const choice = firstObject(chunk.choices);
  const groq = isObject(chunk.x_groq) ? chunk.x_groq : null;
  const streamed = isObject(choice?.delta);
  const said = streamed ? choice?.delta : choice?.message;
  const error = toError(chunk.error) ?? toError(choice?.error) ?? toError(groq?.error) ?? toOtherError(chunk, choice);
  if (error === null && isObject(said)) pushParts(parts, said, alt);
  return {
    error,
    finishReason: toText(choice?.finish_reason),
    usage: toUsage(chunk.usage) ?? toUsage(groq?.usage),
    whole: !streamed && isObject(said),
  };
}

export function toFinishReason(rawReason: string | null): FinishReason {
  switch (rawReason) {
    case 'stop':
      return 'STOP';
    case 'length':
      return 'LENGTH';
    case 'content_filter':
      return 'CONTENT_FILTER';
    case 'tool_calls':
      return 'TOOL_CALLS';
    default:
      return 'OTHER';
  }
}

function pushParts(
  parts: ChatPart[],
  { reasoning_content, reasoning, content, refusal, images }: Json,
  alt: string,
): void {
  pushText(parts, 'reasoning-delta', reasoning_content);
  if (reasoning !== reasoning_content) pushText(parts, 'reasoning-delta', reasoning); // Some send it under both names.
  if (Array.isArray(content)) for (const item of content) pushItem(parts, item, alt);
  else pushText(parts, 'text-delta', content);
  pushText(parts, 'text-delta', refusal);
  if (Array.isArray(images)) for (const image of images) pushImage(parts, image, alt);
}

/** One of the parts that Mistral's reasoning models make an answer of: https://docs.mistral.ai/capabilities/reasoning */
function pushItem(parts: ChatPart[], item: unknown, alt: string): void {
  if (!isObject(item)) return;
  if (item.type === 'text') pushText(parts, 'text-delta', item.text);
  else if (item.type === 'image_url') pushImage(parts, item, alt);
  else if (item.type === 'thinking' && Array.isArray(item.thinking)) {
    for (const thought of item.thinking) if (isObject(thought)) pushText(parts, 'reasoning-delta', thought.text);
  }
}

function pushText(parts: ChatPart[], type: 'text-delta' | 'reasoning-delta', value: unknown): void {
  const text = toText(value);
  if (text !== null) pushPart(parts, { type, text });
}

/** Adds a part to the others: text to the end of text, if that is the last. */
export function pushPart(parts: ChatPart[], part: ChatPart): void {
  const last = parts.at(-1);
  if (last && 'text' in last && 'text' in part && last.type === part.type) {
    parts[parts.length - 1] = { type: part.type, text: last.text + part.text };
  } else parts.push(part);
}

function pushImage(parts: ChatPart[], image: unknown, alt: string): void {
  if (!isObject(image) || !isObject(image.image_url)) return;
  const { url } = image.image_url;
  if (isImageUrl(url)) parts.push({ type: 'image', image: { url, alt } });
}

/** Whether it can be the `url` of an `Image`. */
export function isImageUrl(url: unknown): url is string {
  return typeof url === 'string' && /^(https?:\/\/|data:)/i.test(url);
}

/** An object of which only narrow checks know more. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

export function parseObject(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null; // Not JSON: the caller says what that means.
  }
}

function firstObject(list: unknown): Json | null {
  const first: unknown = Array.isArray(list) ? list[0] : null;
  return isObject(first) ? first : null;
}

/** Some send `null` or an empty text where there is nothing to say. */
function toText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

/** Some send a failure without `error`: the chunk itself is one, or says no more than that it ends by one. */
function toOtherError(chunk: Json, choice: Json | null): unknown {
  if (chunk.object === 'error') return chunk;
  return choice?.finish_reason === 'error' ? { message: 'The answer ended in an error' } : null;
}

/** Some send `"error": null` beside an answer. */
export function toError(error: unknown): unknown {
  return isObject(error) ? error : toText(error);
}

/** As it was sent, xAI's total with tokens in it that the others do not count; null where nothing is counted. */
function toUsage(usage: unknown): Usage | null {
  if (!isObject(usage)) return null;
  const details = usage.completion_tokens_details;
  const promptTokens = toCount(usage.prompt_tokens);
  const completionTokens = toCount(usage.completion_tokens);
  const reasoningTokens = isObject(details) ? toCount(details.reasoning_tokens) : null;
  const totalTokens = toCount(usage.total_tokens);
  if ((promptTokens ?? completionTokens ?? reasoningTokens ?? totalTokens) === null) return null;
  return { promptTokens, completionTokens, reasoningTokens, totalTokens };
}

function toCount(value: unknown): number | null {
  return Number.isSafeInteger(value) ? (value as number) : null;
}
