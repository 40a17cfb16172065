import type { ChatPart, Continuation } from '../chat.ts';
import { isFilled } from '../http/error-body.ts';
import { isObject, type Json } from '../http/json.ts';
import { REASONING_HISTORIES, type ReasoningHistory } from './continuation.ts';

/** Keeps of an answer what its server wants to see again. */
export interface ReasoningCollector {
  /** @param said the delta or the message; null where that had nothing but the text of `parts` in it */
  add(said: Json | null, parts: readonly ChatPart[]): void;
  /** Null where there is nothing, or more than anybody carries along. */
  end(hasCalls: boolean): Continuation | null;
}

interface Collector {
  /** @returns how much of it is kept, in UTF-16 units of JSON */
  add(said: Json, parts: readonly ChatPart[]): number;
  /** Undefined where there is nothing. */
  end(hasCalls: boolean): unknown;
}

/** The gateway's own bound is lower; this one is for the memory that it takes until then. */
const MAX_LENGTH = 4_194_304;

const COLLECTORS: Readonly<Record<ReasoningHistory, () => Collector>> = {
  reasoning_content: collectText,
  reasoning_details: collectDetails,
  thinking: collectThinking,
};

export function createReasoningCollector(history: ReasoningHistory): ReasoningCollector {
  const { dialect } = REASONING_HISTORIES[history];
  const collector = COLLECTORS[history]();
  let length = 0;
  return {
    add(said, parts) {
      if (length <= MAX_LENGTH) length += collector.add(said ?? {}, parts);
    },
    end(hasCalls) {
      const data = length <= MAX_LENGTH ? collector.end(hasCalls) : undefined;
      return data === undefined ? null : { dialect, data };
    },
  };
}

/** For answers that are gone on from with results: in other histories there is none of it. */
function collectText(): Collector {
  let text = '';
  return {
    add({ reasoning_content: piece }) {
      if (typeof piece !== 'string') return 0;
      text += piece;
      return piece.length;
    },
    end: (hasCalls) => (hasCalls && text !== '' ? text : undefined),
  };
}

type Block = Record<string, unknown>;

/** Pieces of a text or a summary have the index of what they are of; its signature ends it. */
function collectDetails(): Collector {
  const details: Block[] = [];
  const byPlace = new Map<string, Block>();

  function addDetail(detail: Json) {
    const place = `${detail.type} ${detail.index}`;
    const known = byPlace.get(place);
    const isNext = known && !isFilled(known.data) && !(isFilled(known.signature) && isFilled(detail.text));
    if (isNext) return join(known, detail, ['text', 'summary']);
    const own = { ...detail };
    details.push(own);
    byPlace.set(place, own);
  }

  return {
    add({ reasoning_details: list }) {
      const pieces = Array.isArray(list) ? list.filter(isObject) : [];
      for (const detail of pieces) addDetail(detail);
      return pieces.length > 0 ? JSON.stringify(pieces).length : 0;
    },
    end: () => (details.length > 0 ? details : undefined),
  };
}

/** Thinking parts, with the length of the text that stands before, between and behind them. */
function collectThinking(): Collector {
  const blocks: (number | Block)[] = [];
  let hasThought = false;

  function addText(length: number) {
    const last = blocks.at(-1);
    if (typeof last === 'number') blocks[blocks.length - 1] = last + length;
    else if (length > 0) blocks.push(length);
  }

  function addThought(item: Json): number {
    const last = blocks.at(-1);
    hasThought = true;
    if (typeof last !== 'object') blocks.push({ ...item });
    else join(last, { ...item, thinking: joinTexts(last.thinking, item.thinking) }, []);
    return JSON.stringify(item).length;
  }

  return {
    add({ content }, parts) {
      let length = 0;
      for (const item of Array.isArray(content) ? content.filter(isObject) : []) {
        if (item.type === 'thinking') length += addThought(item);
        else addText(typeof item.text === 'string' ? item.text.length : 0);
      }
      if (Array.isArray(content)) return length;
      for (const part of parts) if (part.type === 'text-delta') addText(part.text.length);
      return 0;
    },
    end: () => (hasThought ? blocks : undefined),
  };
}

/** Adds what a piece says to a block: these fields go on, the others are as they were told last. */
function join(block: Block, piece: Json, goesOn: readonly string[]): void {
  for (const [field, value] of Object.entries(piece)) {
    const known = block[field];
    if (goesOn.includes(field) && typeof known === 'string' && typeof value === 'string') block[field] = known + value;
    else if (value != null) block[field] = value;
  }
}

/** Two lists of texts as one, in which the second goes on where the first ends. */
function joinTexts(known: unknown, next: unknown): unknown {
  if (!Array.isArray(known) || !Array.isArray(next)) return next ?? known;
  const [last, first] = [known.at(-1), next[0]];
  if (last?.type !== 'text' || first?.type !== 'text') return [...known, ...next];
  return [...known.slice(0, -1), { ...last, text: `${last.text}${first.text}` }, ...next.slice(1)];
}
