import { isDeepStrictEqual } from 'node:util';
import { isObject, type Json, parseJson } from '../http/json.ts';
import { findTemplate, TEMPLATE_TRIES, type TextTemplate, textIn } from '../kit/text-template.ts';

/** What most events are: a piece of a block's text. */
export interface Delta {
  readonly type: 'delta';
  /** The block's. */
  readonly index: number;
  readonly of: 'text' | 'thinking' | 'arguments';
  readonly text: string;
}

/** Any other event, as it came. */
interface Event {
  readonly type: 'event';
  readonly event: Json;
}

/**
 * Reads the data of the events of one answer; null for what is no JSON. Deltas of a block differ in their text alone: what
 * stands around that of one is kept, and what has the same around a string is not parsed.
 */
export function createEventReader(): (data: string) => Delta | Event | null {
  let template: (TextTemplate & Pick<Delta, 'index' | 'of'>) | undefined;
  let tries = TEMPLATE_TRIES;

  return (padded) => {
    const data = withoutPadding(padded);
    const text = template && textIn(data, template);
    if (template && text !== undefined) return { type: 'delta', index: template.index, of: template.of, text };
    const read = fromEvent(data);
    if (read?.type !== 'delta')
      tries = TEMPLATE_TRIES; // Another block comes next.
    else if (tries-- > 0) {
      const found = findTemplate(data, read.text, (other, text) =>
        isDeepStrictEqual(fromEvent(other), { ...read, text }),
      );
      if (found) template = { ...found, index: read.index, of: read.of };
    }
    return read;
  };
}

const FIELDS: Readonly<Record<string, readonly [of: Delta['of'], field: string]>> = {
  text_delta: ['text', 'text'],
  thinking_delta: ['thinking', 'thinking'],
  input_json_delta: ['arguments', 'partial_json'],
};

/** https://platform.claude.com/docs/en/build-with-claude/streaming */
function fromEvent(data: string): Delta | Event | null {
  const event = parseJson(data);
  if (event === undefined) return null;
  if (!isObject(event)) return { type: 'event', event: {} };
  const { type, index, delta } = event;
  const [of, field = ''] = (isObject(delta) && FIELDS[String(delta.type)]) || [];
  const text = isObject(delta) ? delta[field] : undefined;
  if (type !== 'content_block_delta' || of === undefined || typeof text !== 'string') return { type: 'event', event };
  return { type: 'delta', index: Number(index), of, text };
}

/** The vendor writes blanks before the last brace, so that the lengths of events tell nothing of their text. */
function withoutPadding(data: string): string {
  let end = data.length - 1;
  while (data.charCodeAt(end - 1) === SPACE) end--;
  return end === data.length - 1 || data.at(-1) !== '}' ? data : `${data.slice(0, end)}}`;
}

const SPACE = 0x20;
