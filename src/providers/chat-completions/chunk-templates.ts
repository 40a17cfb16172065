import { isDeepStrictEqual } from 'node:util';
import type { ChatPart } from '../chat.ts';
import { isFilled } from '../http/error-body.ts';
import { isText, pushPart, pushText, type TextPart } from '../kit/parts.ts';
import { findTemplate, TEMPLATE_TRIES, type TextTemplate, textIn } from '../kit/text-template.ts';
import type { CallPiece } from '../kit/tool-calls.ts';
import { fromOpenAiChunk, type OpenAiChunk, type ToImage } from './chunk.ts';

/** Of chunks that differ in one text alone. */
interface Template extends TextTemplate {
  /** Text or thinking; null where such a chunk has a piece of the arguments of a call. */
  readonly type: TextPart['type'] | null;
  readonly piece: CallPiece | null;
}

/** A chunk whose text has been told, and that says nothing else. */
export const ONLY_TEXT: OpenAiChunk = {
  error: null,
  finishReason: null,
  usage: null,
  calls: [],
  sources: [],
  said: null,
  whole: false,
  model: null,
};

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
  let tries = TEMPLATE_TRIES;
  let hasStreamed = false;

  function lookForTemplate(data: string, chunk: OpenAiChunk, [part]: readonly ChatPart[]) {
    const says = part && isText(part) ? part : chunk.calls[0];
    if (tries === 0 || !says || says.text === '' || ('name' in says && says.name !== '')) return; // Others go on from it.
    if (keepsThinking && says === part && tellsThinking(part, chunk)) return;
    tries--;
    const found = findTemplate(data, says.text, (other, text) => saysOnly(other, { ...says, text }, toImage));
    if (!found) return;
    const { head, tail } = found;
    template = 'type' in says ? { head, tail, type: says.type, piece: null } : { head, tail, type: null, piece: says };
  }

  return (data, parts) => {
    const text = template && textIn(data, template);
    if (template && text !== undefined) {
      tries = TEMPLATE_TRIES;
      if (template.piece) return withCall(template.piece, text);
      if (template.type) pushText(parts, template.type, text);
      return ONLY_TEXT;
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

function withCall({ key, callId, name }: CallPiece, text: string): OpenAiChunk {
  const { error, finishReason, usage, sources, said, whole, model } = ONLY_TEXT; // Not spread, which takes five times as long.
  return { error, finishReason, usage, calls: [{ key, callId, name, text }], sources, said, whole, model };
}

function tellsThinking(part: ChatPart | undefined, { said }: OpenAiChunk): boolean {
  return part?.type === 'reasoning-delta' || isFilled(said?.reasoning_details);
}

/** Whether a chunk has this in it, and nothing else. What it cites is the same as before, and so says nothing new. */
function saysOnly(data: string, says: TextPart | CallPiece, toImage: ToImage): boolean {
  const parts: ChatPart[] = [];
  const chunk = fromOpenAiChunk(data, toImage, parts);
  if (chunk === null || (chunk.error ?? chunk.finishReason ?? chunk.usage) !== null || chunk.whole) return false;
  return isDeepStrictEqual([...parts, ...chunk.calls], [says]);
}
