import type { ChatPart, Continuation } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import { isObject, type Json, parseJson } from '../http/json.ts';
import { pushPart } from '../kit/parts.ts';
import { createToolCalls } from '../kit/tool-calls.ts';
import type { Block } from './blocks.ts';
import { toContinuation } from './continuation.ts';
import type { Delta } from './events.ts';

/** The blocks of one answer, as they come: what they say, and what has to be seen again of them. */
export interface Content {
  /** How many tools are called. */
  readonly calls: number;
  readonly continuation: Continuation | null;
  begin(parts: ChatPart[], index: number, block: Json): void;
  /** @throws ProviderError for arguments of no call */
  add(parts: ChatPart[], delta: Omit<Delta, 'type'>): void;
  /** A delta of another kind. */
  addOther(parts: ChatPart[], index: number, delta: Json): void;
  stop(parts: ChatPart[], index: number): void;
  /**
   * Adds what is left of an answer that has told its end.
   * @param isCut it may have ended within a call
   * @returns whether it is whole
   */
  end(parts: ChatPart[], isCut: boolean): boolean;
}

type Entry = TextEntry | CallEntry | OpaqueEntry;

interface TextEntry {
  readonly type: 'text';
  units: number;
  /** What there was of it from the beginning, where that is the input of the tool whose arguments are the answer. */
  readonly input: string;
}

interface CallEntry {
  readonly type: 'call';
  readonly key: number;
  readonly id: string;
  text: string;
  readonly input: string;
}

/** Thinking, tools that the vendor runs, and what is not known yet. */
interface OpaqueEntry {
  readonly type: 'opaque';
  readonly block: Record<string, unknown>;
  /** What its thinking goes on with, or its input, in JSON. */
  text: string;
}

/**
 * @param name the upstream's, as messages show it
 * @param answerTool the tool whose arguments are the answer, where there is one
 */
export function createContent(name: string, answerTool: string | null): Content {
  const entries: Entry[] = [];
  const open = new Map<number, Entry>();
  const calls = createToolCalls(name);
  const cited = new Set<string>();

  function begin(index: number, entry: Entry): Entry {
    entries.push(entry);
    open.set(index, entry);
    return entry;
  }

  function sayText(parts: ChatPart[], entry: TextEntry, text: string) {
    entry.units += text.length;
    if (text !== '') pushPart(parts, { type: 'text-delta', text });
  }

  function sayThinking(parts: ChatPart[], text: unknown) {
    if (typeof text === 'string' && text !== '') pushPart(parts, { type: 'reasoning-delta', text });
  }

  function sayArguments(parts: ChatPart[], call: CallEntry, text: string) {
    call.text += text;
    calls.add(parts, { key: call.key, callId: '', name: '', text });
  }

  function beginCall(parts: ChatPart[], index: number, { id, name, input }: Json) {
    const given = isObject(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : '';
    if (name === answerTool) return begin(index, { type: 'text', units: 0, input: given });
    const call = { type: 'call', key: entries.length, id: toText(id), text: '', input: given } as const;
    calls.add(parts, { key: call.key, callId: call.id, name: toText(name), text: '' });
    return begin(index, call);
  }

  function cite(parts: ChatPart[], citation: unknown) {
    const { url, title } = isObject(citation) ? citation : ({} as Json);
    if (typeof url !== 'string' || url === '' || cited.has(url)) return;
    cited.add(url);
    parts.push({ type: 'source', url, title: typeof title === 'string' ? title : null });
  }

  /** Of a block whose beginning did not come. */
  function beginningOf(of: Delta['of']): Entry {
    if (of === 'text') return { type: 'text', units: 0, input: '' };
    if (of === 'thinking') return { type: 'opaque', block: { type: 'thinking' }, text: '' };
    throw new ProviderError('BAD_RESPONSE', `${name} sent arguments of no call`);
  }

  const content: Content = {
    get calls() {
      return calls.count;
    },
    get continuation() {
      return toContinuation(entries.flatMap(toSkeleton));
    },
    begin(parts, index, block) {
      content.stop(parts, index);
      if (block.type === 'tool_use') return void beginCall(parts, index, block);
      if (block.type !== 'text') {
        sayThinking(parts, block.thinking);
        return void begin(index, { type: 'opaque', block: { ...block }, text: '' });
      }
      const entry: TextEntry = { type: 'text', units: 0, input: '' };
      begin(index, entry);
      sayText(parts, entry, toText(block.text));
      if (Array.isArray(block.citations)) for (const citation of block.citations) cite(parts, citation);
    },
    add(parts, { index, of, text }) {
      const entry = open.get(index) ?? begin(index, beginningOf(of));
      if (of === 'thinking') sayThinking(parts, text);
      else if (entry.type === 'text') sayText(parts, entry, text);
      else if (entry.type === 'call' && of === 'arguments') sayArguments(parts, entry, text);
      if (entry.type === 'opaque' && of !== 'text') entry.text += text;
    },
    addOther(parts, index, delta) {
      const entry = open.get(index);
      if (delta.type === 'citations_delta') cite(parts, delta.citation);
      else if (entry?.type === 'opaque') grow(entry.block, delta);
    },
    stop(parts, index) {
      const entry = open.get(index);
      open.delete(index);
      if (entry?.type === 'call' && entry.text === '' && entry.input !== '') sayArguments(parts, entry, entry.input);
      if (entry?.type === 'text' && entry.units === 0) sayText(parts, entry, entry.input);
    },
    end(parts, isCut) {
      const isWhole =
        isCut || ![...open.values()].some((entry) => entry.type === 'call' && !isObject(parseJson(entry.text)));
      for (const index of open.keys()) content.stop(parts, index);
      if (isWhole) calls.end(parts, isCut);
      return isWhole;
    },
  };
  return content;
}

function toSkeleton(entry: Entry): (number | string | Block)[] {
  if (entry.type === 'text') return entry.units === 0 ? [] : [entry.units];
  if (entry.type === 'call') return [entry.id];
  const { type, ...block } = entry.block;
  const { text } = entry;
  const added = type === 'thinking' ? { thinking: toText(block.thinking) + text } : { input: parseJson(text) };
  return [{ type: toText(type), ...block, ...(text === '' ? {} : added) }];
}

/** Deltas add to the fields that they name. */
function grow(block: Record<string, unknown>, { type: _type, ...fields }: Json): void {
  for (const [field, text] of Object.entries(fields)) {
    if (typeof text === 'string') block[field] = toText(block[field]) + text;
  }
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
