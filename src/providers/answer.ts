import { createParser } from 'eventsource-parser';
import type { Call } from './call.ts';
import { ProviderError } from './errors.ts';
import { createLineSplitter } from './lines.ts';

/** A 2xx answer whose body has not been read. Read it exactly one way: an unread body keeps its connection. */
export interface HttpAnswer {
  readonly contentType: string;
  /** The whole body. */
  text(): Promise<string>;
  /** The body's lines as they arrive, one array a read; the ends `\n` and `\r\n` are taken off. */
  lines(): AsyncGenerator<readonly string[], void, void>;
  /**
   * The data of a body of server-sent events as they arrive, one array a read. A body that is one JSON document instead
   * is its only event.
   */
  events(): AsyncGenerator<readonly string[], void, void>;
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

export function createAnswer({ name, contentType, body, maxBytes, call, explain }: AnswerOptions): HttpAnswer {
  /** The body in pieces of text. Leaving it early closes the connection. */
  async function* pieces(): AsyncGenerator<string, void, void> {
    const decoder = new TextDecoder();
    let bytes = 0;
    try {
      for await (const chunk of body) {
        bytes += chunk.byteLength;
        if (bytes > maxBytes) throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxBytes} bytes`);
        yield decoder.decode(chunk, { stream: true });
      }
    } catch (error) {
      throw explain(error);
    } finally {
      call.end();
    }
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

    async *events() {
      let arrived: string[] = [];
      let json = '';
      const parser = createParser({
        onEvent: ({ data }) => arrived.push(data),
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
