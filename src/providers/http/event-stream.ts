// Server-sent events: https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream
import { ProviderError } from '../errors.ts';

export interface EventStreamParser {
  push(text: string): void;
  /** The last line and the last event, if their ends are missing. */
  end(): void;
}

interface EventStreamOptions {
  /** Who sends it, as messages show it. */
  readonly name: string;
  /** Of one line, of the data of one event, and of a text that is no event. */
  readonly maxCharacters: number;
  /** @param type the field `event`; empty where there is none */
  onEvent(data: string, type: string): void;
  /** A line that has no data: the type of an event, a field that nobody knows. */
  onOther(line: string): void;
}

/**
 * Reads events as the specification says, and three things more that upstreams send: a JSON text in place of an event,
 * also in several lines, is one; the field `error` is an event of the type `error`; and where the blank line between two
 * JSON objects is missing, each is an event.
 */
export function createEventStreamParser({
  name,
  maxCharacters,
  onEvent,
  onOther,
}: EventStreamOptions): EventStreamParser {
  let rest = '';
  let data: string | undefined;
  let lastLine = '';
  let type = '';
  /** The lines so far of a JSON text that stands there in place of events, and how often it was looked whether that is all. */
  let json = '';
  let tries = 0;
  let isFirst = true;
  /** Whether a `\n` to come belongs to the `\r` before it. */
  let skipsLineFeed = false;

  const check = ({ length }: string) => {
    if (length <= maxCharacters) return;
    throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxCharacters} characters in one event`);
  };

  function dispatch() {
    if (data !== undefined) onEvent(data, type);
    data = undefined;
    type = '';
  }

  function addData(value: string) {
    endJson();
    if (data !== undefined && lastLine.endsWith('}') && BEGINNING.test(value)) dispatch(); // No JSON text goes on like that.
    data = data === undefined ? value : `${data}\n${value}`;
    lastLine = value;
    check(data);
    if (value.trim() === '[DONE]') dispatch(); // Nothing is to come behind it, a blank line neither.
  }

  function addJson(line: string) {
    json += `${line}\n`;
    check(json);
    const mayBeAll = /^[}\]]/.test(line) || (json.length === line.length + 1 && line.trimEnd().endsWith('}'));
    if (mayBeAll && ++tries <= MOST_TRIES) dispatchJson(); // In a long one, to look at each line would take for ever.
  }

  function dispatchJson() {
    if (!isJson(json)) return;
    const text = json;
    json = '';
    tries = 0;
    onEvent(text, '');
  }

  /** What only began like JSON is none. */
  function endJson() {
    if (json === '') return;
    dispatchJson();
    if (json !== '') onOther(json);
    json = '';
    tries = 0;
  }

  /** Nearly all events are one line of data, and stand there whole. @returns where the event ends; `begin` if it is another */
  function readWholeEvent(text: string, begin: number, end: number): number {
    const isWhole = text.charCodeAt(end + 1) === LINE_FEED && isData(text, begin);
    if (!isWhole || data !== undefined || json !== '') return begin;
    const value = fieldValue(text, begin + 'data:'.length, end);
    check(value);
    onEvent(value, type);
    type = '';
    return end + 2;
  }

  function readLine(line: string) {
    check(line);
    if (line === '') return dispatch();
    if (line.startsWith(':')) return;
    if (isData(line, 0)) return addData(fieldValue(line, 'data:'.length));
    if (json !== '' || /^\s*(\{|\[(?!\w))/.test(line)) return addJson(line); // `[info] …` is of a log.
    if (line.startsWith('event:')) type = fieldValue(line, 'event:'.length);
    if (line.startsWith('error:')) onEvent(fieldValue(line, 'error:'.length), 'error');
    else onOther(line);
  }

  return {
    push(text) {
      if (isFirst && text !== '') {
        isFirst = false;
        if (text.startsWith('\uFEFF')) text = text.slice(1);
      }
      if (skipsLineFeed && text !== '') {
        skipsLineFeed = false;
        if (text.startsWith('\n')) text = text.slice(1);
      }
      if (text.includes('\r')) {
        skipsLineFeed = text.endsWith('\r');
        text = text.replace(/\r\n?/g, '\n');
      }
      let begin = 0;
      for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', begin)) {
        const next = rest === '' ? readWholeEvent(text, begin, end) : begin;
        if (next !== begin) {
          begin = next;
          continue;
        }
        const line = rest + text.slice(begin, end);
        rest = '';
        begin = end + 1;
        readLine(line);
      }
      rest += text.slice(begin);
      check(rest);
    },
    end() {
      if (rest !== '') readLine(rest);
      rest = '';
      dispatch();
      endJson();
    },
  };
}

const LINE_FEED = 0x0a;
const SPACE = 0x20;
const MOST_TRIES = 8;
const BEGINNING = /^\s*(\{|\[DONE\])/;

/** Not `startsWith`, which takes five times as long. */
function isData(text: string, begin: number): boolean {
  return (
    text.charCodeAt(begin) === 0x64 &&
    text.charCodeAt(begin + 1) === 0x61 &&
    text.charCodeAt(begin + 2) === 0x74 &&
    text.charCodeAt(begin + 3) === 0x61 &&
    text.charCodeAt(begin + 4) === 0x3a
  );
}

function fieldValue(text: string, begin: number, end?: number): string {
  return text.slice(text.charCodeAt(begin) === SPACE ? begin + 1 : begin, end);
}

function isJson(text: string): boolean {
  if (text === '') return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false; // Something that is neither an event nor JSON says nothing.
  }
}
