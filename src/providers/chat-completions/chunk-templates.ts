import { isDeepStrictEqual } from 'node:util';
import type { ChatPart } from '../chat.ts';
import { isFilled } from '../http/error-body.ts';
import { parseJson } from '../http/json.ts';
import { isText, pushPart, type TextPart } from '../kit/parts.ts';
import type { CallPiece } from '../kit/tool-calls.ts';
import { fromOpenAiChunk, type OpenAiChunk, type ToImage } from './chunk.ts';

/** What chunks that differ in one text alone have around it. */
interface Template {
  readonly head: string;
  readonly tail: string;
  /** What such a chunk says, but for the text: text or thinking, or a piece of the arguments of a call. */
  readonly says: TextPart | CallPiece;
}

/** So many chunks in turn are looked at for a template: there are answers of which no two chunks are alike. */
const TRIES = 8;
const PROBE = 'probe';
const ONLY_TEXT: OpenAiChunk = {
  error: null,
  finishReason: null,
  usage: null,
  calls: [],
  sources: [],
  said: null,
  whole: false,
};
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has to escape these.
const ESCAPED = /["\\\u0000-\u001f]/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

interface ChunkReaderOptions {
  readonly toImage: ToImage;
  /** Whether the chunks of thinking are wanted as they came. */
  readonly keepsThinking: boolean;
}

/**
 * Reads the chunks of one answer, each as `fromOpenAiChunk` does. Most of them differ in one text alone, and to parse
 * them is the most of what a burst costs: so what stands around the text of one is kept, and of a chunk that has the same
 * around a string only that string is read. Where the last chunk of a stream has the whole answer once more, as MiniMax
 * sends it, that says nothing new.
 */
export function createChunkReader({
  toImage,
  keepsThinking,
}: ChunkReaderOptions): (data: string, parts: ChatPart[]) => OpenAiChunk | null {
  let template: Template | undefined;
  let tries = TRIES;
  let hasStreamed = false;

  function lookForTemplate(data: string, chunk: OpenAiChunk, [part]: readonly ChatPart[]) {
    const says = part && isText(part) ? part : chunk.calls[0];
    if (tries === 0 || !says || says.text === '' || ('name' in says && says.name !== '')) return; // Others go on from it.
    if (keepsThinking && says === part && tellsThinking(part, chunk)) return;
    tries--;
    template = findTemplate(data, says, toImage) ?? template;
  }

  return (data, parts) => {
    const text = template && textIn(data, template);
    if (template && text !== undefined) {
      tries = TRIES;
      return say(template.says, text, parts);
    }
    const own: ChatPart[] = [];
    const chunk = fromOpenAiChunk(data, toImage, own);
    if (chunk === null) return null;
    lookForTemplate(data, chunk, own);
    if (chunk.whole && hasStreamed) return { ...chunk, calls: [], said: null };
    hasStreamed ||= !chunk.whole && (own.length > 0 || chunk.calls.length > 0);
    for (const one of own) pushPart(parts, one);
    return chunk;
  };
}

function say(says: TextPart | CallPiece, text: string, parts: ChatPart[]): OpenAiChunk {
  if ('type' in says) {
    pushPart(parts, { type: says.type, text });
    return ONLY_TEXT;
  }
  const { key, callId, name } = says;
  const { error, finishReason, usage, sources, said, whole } = ONLY_TEXT; // Not spread, which takes five times as long.
  return { error, finishReason, usage, calls: [{ key, callId, name, text }], sources, said, whole };
}

function tellsThinking(part: ChatPart | undefined, { said }: OpenAiChunk): boolean {
  return part?.type === 'reasoning-delta' || isFilled(said?.reasoning_details);
}

/** The text of a chunk of this template; undefined for other chunks. */
function textIn(data: string, { head, tail }: Template): string | undefined {
  if (data.length <= head.length + tail.length) return undefined;
  // Not `startsWith` and `endsWith`, which take five times as long.
  if (data.slice(0, head.length) !== head || data.slice(data.length - tail.length) !== tail) return undefined;
  const text = data.slice(head.length, data.length - tail.length);
  return ESCAPED.test(text) ? unquote(text) : text;
}

/** What stands in a string of JSON; undefined for what could not. Arguments are full of quotes: those are not parsed for. */
function unquote(text: string): string | undefined {
  let value = '';
  let begin = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code < SPACE) return undefined;
    if (code !== BACKSLASH) continue;
    const next = text.charCodeAt(at + 1);
    if (next !== QUOTE && next !== BACKSLASH) return parseJson(`"${text}"`) as string | undefined;
    value += text.slice(begin, at);
    begin = ++at;
  }
  return begin === 0 ? undefined : value + text.slice(begin);
}

/** What stands around the text of a chunk, if with another text nothing but that would be another. */
function findTemplate(data: string, says: TextPart | CallPiece, toImage: ToImage): Template | undefined {
  const written = JSON.stringify(says.text);
  const at = data.indexOf(written) + 1;
  const template = { head: data.slice(0, at), tail: data.slice(at + written.length - 2), says };
  const parts: ChatPart[] = [];
  const chunk = fromOpenAiChunk(`${template.head}${PROBE}${template.tail}`, toImage, parts);
  return chunk && saysOnly(chunk, parts, { ...says, text: PROBE }) ? template : undefined;
}

/** What it cites is the same as before, and so says nothing new. */
function saysOnly(chunk: OpenAiChunk, parts: readonly ChatPart[], says: TextPart | CallPiece): boolean {
  const { error, finishReason, usage, calls, whole } = chunk;
  if ((error ?? finishReason ?? usage) !== null || whole) return false;
  return isDeepStrictEqual([...parts, ...calls], [says]);
}
