import type { ChatPart, Continuation, Image } from '../chat.ts';
import { isObject, type Json } from '../http/json.ts';
import { pushPart } from '../kit/parts.ts';
import { createToolCalls } from '../kit/tool-calls.ts';
import { type Entry, toContinuation } from './continuation.ts';
import { createPartialArguments, type PartialArguments } from './partial-arguments.ts';
import type { ToolNames } from './tool-names.ts';

/** The parts of one answer, as they come: what they say, and what has to be seen again of them. */
export interface Answer {
  /** How many tools are called. */
  readonly calls: number;
  readonly continuation: Continuation | null;
  /** @throws ProviderError for what cannot be read */
  add(parts: ChatPart[], part: Json): void;
  cite(parts: ChatPart[], grounding: unknown): void;
  /**
   * Adds what is left of an answer that has told its end.
   * @param isCut it may have ended within a call
   * @returns whether it is whole
   */
  end(parts: ChatPart[], isCut: boolean): boolean;
}

interface AnswerOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  readonly names: ToolNames;
  /** @throws ProviderError for what is no picture */
  readonly toImage: (item: unknown) => Image;
}

interface OpenCall {
  readonly id: string;
  readonly name: string;
  readonly args: PartialArguments;
  readonly signature: string | undefined;
}

type Mutable<Of> = Of extends unknown ? { -readonly [Key in keyof Of]: Of[Key] } : never;

/** https://ai.google.dev/api/caching#Part */
export function createAnswer({ name, names, toImage }: AnswerOptions): Answer {
  const entries: Mutable<Entry>[] = [];
  const calls = createToolCalls(name);
  const cited = new Set<string>();
  /** A call of which there is more to come. */
  let open: OpenCall | undefined;

  function addText(parts: ChatPart[], text: string, signature: string | undefined) {
    if (text !== '') pushPart(parts, { type: 'text-delta', text });
    const last = entries.at(-1);
    if (signature !== undefined) entries.push({ text: text.length, signature });
    else if (last && 'text' in last && last.signature === undefined) last.text += text.length;
    else if (text !== '') entries.push({ text: text.length });
  }

  function addCall(parts: ChatPart[], call: Json, signature: string | undefined) {
    const told = toText(call.name);
    if (told !== '') endCall(parts);
    const isEnd = told === '' && call.args === undefined && call.partialArgs === undefined;
    if (open === undefined && isEnd) return; // Of a call that has told its end before.
    open ??= { id: toText(call.id), name: names.toOurs(told), args: createPartialArguments(name), signature };
    open.args.add(call.partialArgs);
    if (call.willContinue !== true) endCall(parts, call.args);
  }

  function endCall(parts: ChatPart[], args?: unknown) {
    if (open === undefined) return;
    const { id: callId, name, signature } = open;
    const text = isObject(args) ? JSON.stringify(args) : open.args.text;
    calls.add(parts, { key: calls.count, callId, name, text });
    entries.push({ call: callId || null, ...(signature !== undefined && { signature }) });
    open = undefined;
  }

  return {
    get calls() {
      return calls.count;
    },
    get continuation() {
      return toContinuation(entries);
    },
    add(parts, part) {
      const signature = toText(part.thoughtSignature) || undefined;
      const { text, functionCall, inlineData } = part;
      if (isObject(functionCall)) return addCall(parts, functionCall, signature);
      if (isObject(inlineData)) {
        if (part.thought !== true) parts.push({ type: 'image', image: toImage(inlineData) });
        return;
      }
      if (typeof text === 'string' && part.thought !== true) return addText(parts, text, signature);
      if (typeof text === 'string' && text !== '') pushPart(parts, { type: 'reasoning-delta', text });
      // Thoughts are not wanted again, unless they are signed.
      if (signature !== undefined || Object.keys(part).some((key) => !UNSIGNED.has(key))) entries.push({ part });
    },
    cite(parts, grounding) {
      const chunks = isObject(grounding) ? grounding.groundingChunks : [];
      for (const chunk of Array.isArray(chunks) ? chunks : []) {
        const { uri, title } = toPlace(chunk);
        if (typeof uri !== 'string' || uri === '' || cited.has(uri)) continue;
        cited.add(uri);
        parts.push({ type: 'source', url: uri, title: typeof title === 'string' ? title : null });
      }
    },
    end(parts, isCut) {
      if (open !== undefined && !isCut) return false;
      calls.end(parts, isCut);
      return true;
    },
  };
}

/** What there may be in a part that need not be seen again. */
const UNSIGNED: ReadonlySet<string> = new Set(['text', 'thought']);

/** A page, or a place on a map. */
function toPlace(chunk: unknown): Json {
  const { web, maps } = isObject(chunk) ? chunk : ({} as Json);
  return [web, maps].find(isObject) ?? {};
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
