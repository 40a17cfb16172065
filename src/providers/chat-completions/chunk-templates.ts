import { isDeepStrictEqual } from 'node:util';
import type { ChatPart } from '../chat.ts';
import { isText, pushPart, type TextPart } from '../kit/parts.ts';
import { fromOpenAiChunk, type OpenAiChunk, type ToImage } from './chunk.ts';

/** What chunks that differ in their text alone have around it. */
interface Template {
  readonly head: string;
  readonly tail: string;
  readonly type: TextPart['type'];
}

/** So many chunks are looked at for a template: there are answers of which no two chunks are alike. */
const TRIES = 8;
const PROBE = 'probe';
const ONLY_TEXT: OpenAiChunk = { error: null, finishReason: null, usage: null, calls: false, whole: false };
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has to escape these.
const ESCAPED = /["\\\u0000-\u001f]/;

/**
 * Reads the chunks of one answer, each as `fromOpenAiChunk` does. Most of them differ in their text alone, and to parse
 * them is the most of what a burst costs: so what stands around the text of one is kept, and a chunk that has the same
 * around a plain string says that string. Where the last chunk of a stream has the whole answer once more, as MiniMax sends
 * it, that says nothing new.
 */
export function createChunkReader(toImage: ToImage): (data: string, parts: ChatPart[]) => OpenAiChunk | null {
  let template: Template | undefined;
  let tries = TRIES;
  let hasStreamed = false;

  return (data, parts) => {
    const text = template && textIn(data, template);
    if (template && text !== undefined) {
      pushPart(parts, { type: template.type, text });
      return ONLY_TEXT;
    }
    const own: ChatPart[] = [];
    const chunk = fromOpenAiChunk(data, toImage, own);
    const [part] = own;
    if (tries > 0 && part && isText(part)) {
      tries--;
      template = findTemplate(data, part, toImage) ?? template;
    }
    if (chunk?.whole && hasStreamed) return chunk;
    hasStreamed ||= chunk?.whole === false && own.length > 0;
    for (const one of own) pushPart(parts, one);
    return chunk;
  };
}

/** The text of a chunk of this template; undefined for other chunks, and where it is no plain string. */
function textIn(data: string, { head, tail }: Template): string | undefined {
  if (data.length <= head.length + tail.length) return undefined;
  // Not `startsWith` and `endsWith`, which take five times as long.
  if (data.slice(0, head.length) !== head || data.slice(data.length - tail.length) !== tail) return undefined;
  const text = data.slice(head.length, data.length - tail.length);
  return ESCAPED.test(text) ? undefined : text;
}

/** What stands around the text of a chunk, if with another text nothing but that would be another. */
function findTemplate(data: string, { type, text }: TextPart, toImage: ToImage): Template | undefined {
  const at = data.indexOf(`"${text}"`) + 1;
  const template = { head: data.slice(0, at), tail: data.slice(at + text.length), type };
  const parts: ChatPart[] = [];
  const chunk = fromOpenAiChunk(`${template.head}${PROBE}${template.tail}`, toImage, parts);
  return isDeepStrictEqual([chunk, parts], [ONLY_TEXT, [{ type, text: PROBE }]]) ? template : undefined;
}
