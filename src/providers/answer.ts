import { createParser } from 'eventsource-parser';
import type { Call } from './call.ts';
import { ProviderError } from './errors.ts';
import { createLineSplitter } from './lines.ts';

/** A 2xx answer whose body has not been read. Read it exactly one way: an unread body keeps its connection. */
export interface HttpAnswer {
  readonly contentType: string;
  /** The whole body. */
  text(): Promise<string>;
  /** As much of it as is there soon, up to so many characters: a body that stalls or breaks off is no failure. */
  head(characters: number): Promise<string>;
  /** The whole body, as it came. */
  bytes(): Promise<Uint8Array>;
  /** The body's lines as they arrive, one array a read; the ends `\n` and `\r\n` are taken off. */
  lines(): AsyncGenerator<readonly string[], void, void>;
  /**
   * The data of a body of server-sent events as they arrive, one array a read. A body that is one JSON document instead
   * is its only event.
   * @param isLast tells the event that nothing counts after: the body has a moment left to end, so that its connection
   * can be used again, and what else it brings or breaks with is dropped.
   */
  events(isLast?: (data: string) => boolean): AsyncGenerator<readonly string[], void, void>;
}

interface AnswerOptions {
  readonly name: string;
  readonly contentType: string;
  readonly body: AsyncIterable<Uint8Array>;
  readonly maxBytes: number;
  readonly call: Call;
  /** What a broken body means. */
  explain(error: unknown): unknown;
}

/** The rest of what has failed already is not waited for. */
const HEAD_MS = 1000;

/** A body mostly ends together with its last event. */
const LINGER_MS = 50;

export function createAnswer({ name, contentType, body, maxBytes, call, explain }: AnswerOptions): HttpAnswer {
  /** Nothing counts that comes from now on. */
  let over = false;

  /** The body as it arrives. Leaving it early closes the connection. */
  async function* chunks(): AsyncGenerator<Uint8Array, void, void> {
    let bytes = 0;
    try {
      for await (const chunk of body) {
        if (over) continue;
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxBytes} bytes`);
        call.hold();
        yield chunk;
        call.resume();
      }
    } catch (error) {
      if (!over || call.isLeft()) throw explain(error);
    } finally {
      call.end();
    }
  }

  /** The same in pieces of text. */
  async function* pieces(): AsyncGenerator<string, void, void> {
    const decoder = new TextDecoder();
    for await (const chunk of chunks()) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  }

  return {
    contentType,

    async text() {
      let whole = '';
      for await (const piece of pieces()) {
        whole += piece;
        call.alive();
      }
      return whole;
    },

    async head(characters) {
      let head = '';
      call.linger(HEAD_MS);
      try {
        for await (const piece of pieces()) {
          head += piece;
          if (head.length >= characters) break;
        }
      } catch (error) {
        if (call.isLeft()) throw error; // Whatever else broke it: what came before counts.
      }
      return head;
    },

    async bytes() {
      const whole: Uint8Array[] = [];
      for await (const chunk of chunks()) {
        whole.push(chunk);
        call.alive();
      }
      return Buffer.concat(whole);
    },

    async *lines() {
      const splitter = createLineSplitter();
      for await (const piece of pieces()) {
        const complete = splitter.push(piece);
        if (complete.some(isEvent)) call.alive();
        if (complete.length > 0) yield complete;
      }
      const rest = splitter.end();
      if (rest.length > 0) yield rest;
    },

    async *events(isLast = () => false) {
      let arrived: string[] = [];
      let json = '';
      const parser = createParser({
        onEvent({ data }) {
          if (over) return;
          arrived.push(data);
          over = isLast(data);
        },
        onComment: call.alive, // Some upstreams send these for as long as a request waits in their queue.
        maxBufferSize: maxBytes,
      });
      let begun = false;
      for await (const piece of pieces()) {
        if (json !== '' || (!begun && /^\s*\{/.test(piece))) {
          json += piece;
          call.alive();
          continue;
        }
        begun ||= piece.trim() !== '';
        parser.feed(piece);
        if (arrived.length === 0) continue;
        call.alive();
        yield arrived;
        arrived = [];
        if (over) call.linger(LINGER_MS);
      }
      parser.feed('\n\n'); // The last event, if the blank line behind it is missing.
      if (json !== '') yield [json];
      else if (arrived.length > 0) yield arrived;
    },
  };
}

/** Blank lines and comments keep a connection open, but are no sign of an answer. */
function isEvent(line: string): boolean {
  return line !== '' && !line.startsWith(':');
}
