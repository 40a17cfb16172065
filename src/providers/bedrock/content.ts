import type { ChatPart, Continuation, Image } from '../chat.ts';
import { isObject, type Json, parseJson } from '../http/json.ts';
import { pushPart } from '../kit/parts.ts';
import { createToolCalls } from '../kit/tool-calls.ts';
import { type Skeleton, toContinuation } from './continuation.ts';

/** The blocks of one answer, as they come: what they say, and what has to be seen again of them. */
export interface Content {
  /** How many tools are called. */
  readonly calls: number;
  readonly continuation: Continuation | null;
  begin(parts: ChatPart[], index: number, start: Json): void;
  /** @throws ProviderError for what cannot be read */
  add(parts: ChatPart[], index: number, delta: Json): void;
  stop(parts: ChatPart[], index: number): void;
  /**
   * Adds what is left of an answer that has told its end.
   * @param isCut it may have ended within a call
   * @returns whether it is whole
   */
  end(parts: ChatPart[], isCut: boolean): boolean;
}

interface ContentOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  readonly maker: string;
  /** The tool whose arguments are the answer, where there is one. */
  readonly answerTool: string | null;
  /** @throws ProviderError for what is no picture */
  readonly toImage: (item: unknown) => Image;
}

/** One block: which of these it is, its deltas tell. */
interface Entry {
  readonly key: number;
  units: number;
  call: { id: string; text: string; isAnswer: boolean; isOurs: boolean } | null;
  reasoning: { text: string; signature: string; redacted: Uint8Array[] } | null;
  image: string;
}

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ContentBlockDelta.html */
export function createContent({ name, maker, answerTool, toImage }: ContentOptions): Content {
  const entries: Entry[] = [];
  const open = new Map<number, Entry>();
  const calls = createToolCalls(name);
  const cited = new Set<string>();

  function entryAt(index: number): Entry {
    const known = open.get(index);
    if (known) return known;
    const entry: Entry = { key: entries.length, units: 0, call: null, reasoning: null, image: '' };
    entries.push(entry);
    open.set(index, entry);
    return entry;
  }

  function sayText(parts: ChatPart[], entry: Entry, text: string) {
    entry.units += text.length;
    if (text !== '') pushPart(parts, { type: 'text-delta', text });
  }

  function beginCall(parts: ChatPart[], entry: Entry, { toolUseId, name, type }: Json) {
    const isOurs = type !== 'server_tool_use';
    const call = { id: toText(toolUseId), text: entry.call?.text ?? '', isAnswer: name === answerTool, isOurs };
    entry.call = call;
    if (!call.isAnswer && call.isOurs)
      calls.add(parts, { key: entry.key, callId: call.id, name: toText(name), text: '' });
  }

  function addInput(parts: ChatPart[], entry: Entry, input: unknown) {
    // Some write the object itself.
    const text = isObject(input) ? JSON.stringify(input) : toText(input);
    entry.call ??= { id: '', text: '', isAnswer: false, isOurs: true };
    entry.call.text += text;
    if (entry.call.isAnswer) sayText(parts, entry, text);
    else if (entry.call.isOurs) calls.add(parts, { key: entry.key, callId: entry.call.id, name: '', text });
  }

  function addReasoning(parts: ChatPart[], entry: Entry, { text, signature, redactedContent }: Json) {
    entry.reasoning ??= { text: '', signature: '', redacted: [] };
    entry.reasoning.text += toText(text);
    entry.reasoning.signature += toText(signature);
    if (typeof redactedContent === 'string') entry.reasoning.redacted.push(Buffer.from(redactedContent, 'base64'));
    if (toText(text) !== '') pushPart(parts, { type: 'reasoning-delta', text: toText(text) });
  }

  function cite(parts: ChatPart[], { location, title }: Json) {
    const { url } = isObject(location) && isObject(location.web) ? location.web : ({} as Json);
    if (typeof url !== 'string' || url === '' || cited.has(url)) return;
    cited.add(url);
    parts.push({ type: 'source', url, title: typeof title === 'string' ? title : null });
  }

  const content: Content = {
    get calls() {
      return calls.count;
    },
    get continuation() {
      return toContinuation(maker, entries.flatMap(toSkeleton));
    },
    begin(parts, index, { toolUse }) {
      if (isObject(toolUse)) beginCall(parts, entryAt(index), toolUse);
    },
    add(parts, index, { text, toolUse, reasoningContent, citation, image }) {
      const entry = entryAt(index);
      if (typeof text === 'string') sayText(parts, entry, text);
      if (isObject(toolUse)) addInput(parts, entry, toolUse.input);
      if (isObject(reasoningContent)) addReasoning(parts, entry, reasoningContent);
      if (isObject(citation)) cite(parts, citation);
      if (isObject(image) && isObject(image.source)) entry.image += toText(image.source.bytes);
    },
    stop(parts, index) {
      const image = open.get(index)?.image;
      if (image) parts.push({ type: 'image', image: toImage(image) });
      open.delete(index);
    },
    end(parts, isCut) {
      const isBroken = ({ call }: Entry) => call !== null && !isObject(parseJson(call.text));
      if (!isCut && open.values().some(isBroken)) return false;
      for (const index of open.keys()) content.stop(parts, index);
      calls.end(parts, isCut);
      return true;
    },
  };
  return content;
}

/** Reasoning that is not signed is not wanted again. */
function toSkeleton({ units, call, reasoning }: Entry): Skeleton {
  if (call?.isOurs && !call.isAnswer) return [call.id];
  if (reasoning && reasoning.redacted.length > 0) {
    return [{ reasoningContent: { redactedContent: Buffer.concat(reasoning.redacted).toString('base64') } }];
  }
  if (reasoning && reasoning.signature !== '') {
    const { text, signature } = reasoning;
    return [{ reasoningContent: { reasoningText: { text, signature } } }];
  }
  return units === 0 ? [] : [units];
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
