import { createParser } from 'eventsource-parser';
import { type BodyOptions, createBody } from './body.ts';
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
  lines(): AsyncIterableIterator<readonly string[], void, void>;
  /**
   * The data of a body of server-sent events as they arrive, one array a read. A body that is one JSON document instead
   * is its only event.
   * @param isLast tells the event that nothing counts after: the body has a moment left to end, so that its connection
   * can be used again, and what else it brings or breaks with is dropped.
   */
  events(isLast?: (data: string) => boolean): AsyncIterableIterator<readonly string[], void, void>;
}

interface AnswerOptions extends BodyOptions {
  readonly contentType: string;
}

/** The rest of what has failed already is not waited for. */
const HEAD_MS = 1000;

/** A body mostly ends together with its last event. */
const LINGER_MS = 50;

export function createAnswer({ contentType, ...options }: AnswerOptions): HttpAnswer {
  const { call, maxBytes } = options;
  const { read, stopCounting } = createBody(options);

  async function bytes(): Promise<Uint8Array> {
    const whole: Uint8Array[] = [];
    const take = (chunk: Uint8Array) => {
      call.alive();
      return [chunk];
    };
    for await (const chunks of read(take)) whole.push(...chunks);
    return Buffer.concat(whole);
  }

  return {
    contentType,
    bytes,
    text: async () => new TextDecoder().decode(await bytes()),

    async head(characters) {
      const decoder = new TextDecoder();
      let head = '';
      call.linger(HEAD_MS);
      try {
        for await (const pieces of read((chunk) => [decoder.decode(chunk, STREAM)])) {
          head += pieces.join('');
          if (head.length >= characters) break;
        }
      } catch (error) {
        if (call.isLeft()) throw error; // Whatever else broke it: what came before counts.
      }
      return head;
    },

    lines() {
      const decoder = new TextDecoder();
      const splitter = createLineSplitter();

      function take(chunk: Uint8Array) {
        const lines = splitter.push(decoder.decode(chunk, STREAM));
        if (lines.some(isEvent)) call.alive();
        return lines;
      }

      return read(take, () => [...splitter.push(decoder.decode()), ...splitter.end()]);
    },

    events(isLast = () => false) {
      const decoder = new TextDecoder();
      let arrived: string[] = [];
      let json = '';
      let begun = false;
      let over = false;
      const parser = createParser({
        onEvent({ data }) {
          if (over) return;
          arrived.push(data);
          over = isLast(data);
          if (over) stopCounting();
        },
        onComment: call.alive, // Some upstreams send these for as long as a request waits in their queue.
        maxBufferSize: maxBytes,
      });

      function feed(text: string): void {
        if (json !== '' || (!begun && /^\s*\{/.test(text))) {
          json += text;
          call.alive();
          return;
        }
        begun ||= text.trim() !== '';
        parser.feed(text);
      }

      function take(chunk: Uint8Array) {
        feed(decoder.decode(chunk, STREAM));
        if (over) call.linger(LINGER_MS);
        else if (arrived.length > 0) call.alive();
        const events = arrived;
        arrived = [];
        return events;
      }

      return read(take, () => {
        feed(decoder.decode());
        if (json !== '') return [json];
        parser.feed('\n\n'); // The last event, if the blank line behind it is missing.
        return arrived;
      });
    },
  };
}

const STREAM = { stream: true };

/** Blank lines and comments keep a connection open, but are no sign of an answer. */
function isEvent(line: string): boolean {
  return line !== '' && !line.startsWith(':');
}
