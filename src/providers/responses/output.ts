import type { ChatPart, Continuation } from '../chat.ts';
import { isObject, type Json } from '../http/json.ts';
import { pushPart } from '../kit/parts.ts';
import { createToolCalls } from '../kit/tool-calls.ts';
import { type OpaqueItem, toContinuation } from './continuation.ts';

/** A text of an item, which comes in pieces, whole, or both. */
export interface TextPiece {
  readonly of: 'text' | 'reasoning' | 'arguments';
  /** Which of the item's texts. */
  readonly key: string;
  readonly text: string;
}

/** The items of one answer, as they come: what they say, and what has to be seen again of them. */
export interface Output {
  /** Whether there are none. */
  readonly isEmpty: boolean;
  /** How many tools are called. */
  readonly calls: number;
  begin(parts: ChatPart[], index: number, item: Json): void;
  /** The next piece of a text. */
  add(parts: ChatPart[], index: number, piece: TextPiece): void;
  /** A text that is whole: what of it has not come in pieces. */
  complete(parts: ChatPart[], index: number, piece: TextPiece): void;
  /** An item that is whole. @throws ProviderError for what should be a picture */
  finish(parts: ChatPart[], index: number, item: Json): void;
  cite(parts: ChatPart[], annotation: unknown): void;
  /** Adds the calls of an answer that has told its end. @param isCut it may have ended within one */
  end(parts: ChatPart[], isCut: boolean): Continuation | null;
}

interface Entry {
  readonly type: string;
  /** Of the calls: its place among all items. */
  readonly key: number;
  readonly texts: Map<string, string>;
  callId: string;
  isNamed: boolean;
  /** What it was, once it is whole. */
  item: Json | null;
}

interface OutputOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  /** Of the continuation. */
  readonly dialect: string;
  /** Makes a part of a picture that the model made. @throws ProviderError where it is none */
  readonly toImagePart: (item: Json) => ChatPart;
}

/** Goes by the places of items: their ids change between events where a gateway gives others. */
export function createOutput({ name, dialect, toImagePart }: OutputOptions): Output {
  const entries: Entry[] = [];
  const open = new Map<number, Entry>();
  const calls = createToolCalls(name);
  const cited = new Set<string>();
  /** The text of reasoning that was told last: each other one is a paragraph of its own. */
  let thought: string | undefined;

  function place(index: number, type: string, callId: string): Entry {
    const known = open.get(index);
    const isSame = known?.type === type && (callId === '' || known.callId === '' || callId === known.callId);
    if (known && isSame) return known;
    const entry = { type, key: entries.length, texts: new Map(), callId: '', isNamed: false, item: null };
    entries.push(entry);
    open.set(index, entry);
    return entry;
  }

  function say(parts: ChatPart[], entry: Entry, { of, key, text }: TextPiece) {
    if (text === '') return;
    entry.texts.set(key, (entry.texts.get(key) ?? '') + text);
    if (of === 'arguments') return calls.add(parts, { key: entry.key, callId: '', name: '', text });
    if (of === 'text') return pushPart(parts, { type: 'text-delta', text });
    const paragraph = `${entry.key}/${key}`;
    const isNext = thought !== undefined && thought !== paragraph;
    thought = paragraph;
    pushPart(parts, { type: 'reasoning-delta', text: isNext ? `\n\n${text}` : text });
  }

  function sayRest(parts: ChatPart[], entry: Entry, { text: whole, ...piece }: TextPiece) {
    const said = entry.texts.get(piece.key) ?? '';
    if (whole.startsWith(said)) say(parts, entry, { ...piece, text: whole.slice(said.length) });
  }

  function identify(parts: ChatPart[], entry: Entry, { call_id, name }: Json) {
    const callId = entry.callId === '' ? toText(call_id) : '';
    const given = entry.isNamed ? '' : toText(name);
    if (callId === '' && given === '') return;
    entry.callId ||= callId;
    entry.isNamed ||= given !== '';
    calls.add(parts, { key: entry.key, callId, name: given, text: '' });
  }

  const output: Output = {
    get isEmpty() {
      return entries.length === 0;
    },
    get calls() {
      return calls.count;
    },
    begin(parts, index, item) {
      const entry = place(index, toText(item.type), toText(item.call_id));
      if (entry.type === 'function_call') identify(parts, entry, item);
    },
    add(parts, index, piece) {
      say(parts, place(index, TYPES[piece.of], ''), piece);
    },
    complete(parts, index, piece) {
      sayRest(parts, place(index, TYPES[piece.of], ''), piece);
    },
    finish(parts, index, item) {
      output.begin(parts, index, item);
      const entry = open.get(index);
      if (!entry || entry.item) return;
      entry.item = item;
      for (const piece of textsOf(item)) sayRest(parts, entry, piece);
      for (const annotation of annotationsOf(item)) output.cite(parts, annotation);
      if (item.type === 'image_generation_call' && toText(item.result) !== '') parts.push(toImagePart(item));
    },
    cite(parts, annotation) {
      const { type, url, title } = isObject(annotation) ? annotation : ({} as Json);
      if (type !== 'url_citation' || typeof url !== 'string' || url === '' || cited.has(url)) return;
      cited.add(url);
      parts.push({ type: 'source', url, title: typeof title === 'string' && title !== '' ? title : null });
    },
    end(parts, isCut) {
      calls.end(parts, isCut);
      return toContinuation(entries.flatMap(toSkeleton), dialect);
    },
  };
  return output;
}

/** The type of an item that has such a text, where its beginning did not come. */
const TYPES = { text: 'message', reasoning: 'reasoning', arguments: 'function_call' } as const;

/** All that an item says that is whole, under the keys of the pieces. */
function textsOf({ type, content, summary, arguments: args }: Json): readonly TextPiece[] {
  if (type === 'function_call') return [{ of: 'arguments', key: '', text: toText(args) }];
  const of = type === 'reasoning' ? 'reasoning' : 'text';
  if (type !== 'message' && of === 'text') return [];
  return [
    ...listOf(summary).map(({ text }, at) => ({ of, key: `summary/${at}`, text: toText(text) }) as const),
    ...listOf(content).flatMap(({ text, refusal }, at) => [
      { of, key: `content/${at}`, text: toText(text) } as const,
      { of, key: `refusal/${at}`, text: toText(refusal) } as const,
    ]),
  ];
}

function annotationsOf({ content }: Json): readonly unknown[] {
  return listOf(content).flatMap(({ annotations }) => (Array.isArray(annotations) ? annotations : []));
}

/** Null for what cannot be sent back; nothing for reasoning that nobody could read again. */
function toSkeleton({ type, texts, callId, item }: Entry): (number | string | OpaqueItem | null)[] {
  if (type === 'function_call') return [callId];
  if (type === 'message') return [[...texts.values()].join('').length || null];
  if (item === null) return [null];
  if (type !== 'reasoning') return [{ ...item, type }];
  const { id, summary = [], content, encrypted_content } = item;
  const isFilled = listOf(content).length > 0;
  if (!isFilled && toText(encrypted_content) === '') return [];
  return [{ type, id, summary, ...(isFilled && { content }), ...(encrypted_content != null && { encrypted_content }) }];
}

function listOf(value: unknown): readonly Json[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
