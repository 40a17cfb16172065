import type { PushIterator } from './push-iterator.ts';
import { type BodyOptions, type BodyReader, readBody } from './read-body.ts';

/** A 2xx answer whose body has not been read. Read it exactly one way: an unread body keeps its connection. */
export interface HttpResponse {
  /** Who sends it, as messages show it. */
  readonly name: string;
  readonly contentType: string;
  /** Of what is kept of it. */
  readonly maxBytes: number;
  /** The whole body. */
  text(): Promise<string>;
  /** The whole body, as it came. */
  bytes(): Promise<Uint8Array>;
  /** What a reader makes of the body's text, as it arrives. */
  read<T>(reader: TextReader<T>): PushIterator<T>;
  /** What a reader makes of the body's bytes, as they arrive. */
  readBytes<T>(reader: BodyReader<T>): PushIterator<T>;
}

/** A reader of text: each piece is a part of the body, cut anywhere but within a character. */
export interface TextReader<T> extends Omit<BodyReader<T>, 'push'> {
  push(text: string, values: T[]): void;
}

interface AnswerOptions extends BodyOptions {
  readonly contentType: string;
}

/** What is streamed has framing and metadata around what counts, which is bounded where it is read. */
const WIRE_FACTOR = 16;

export function createResponse({ contentType, ...options }: AnswerOptions): HttpResponse {
  const { name, maxBytes } = options;

  async function bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    const reader: BodyReader<Uint8Array> = {
      push(chunk) {
        chunks.push(chunk);
        if (!isBlank(chunk)) options.deadlines.watch();
      },
      end: (values) => void values.push(Buffer.concat(chunks)),
    };
    const [whole = new Uint8Array()] = await Array.fromAsync(readBody(options, reader));
    return whole;
  }

  const streamed = { ...options, maxBytes: maxBytes * WIRE_FACTOR };

  return {
    name,
    contentType,
    maxBytes,
    bytes,
    text: async () => new TextDecoder().decode(await bytes()),
    read: (reader) => readBody(streamed, decode(reader)),
    readBytes: (reader) => readBody(streamed, reader),
  };
}

/** The rest of what has failed already is not waited for. */
const HEAD_MS = 1000;

/**
 * As much of a body as is there soon, up to so many characters: one that stalls or breaks off is no failure.
 * @throws the caller's reason
 */
export async function readHead(options: BodyOptions, characters: number): Promise<string> {
  let head = '';
  const reader: TextReader<string> = {
    push(text) {
      head += text;
    },
    end: (values) => void values.push(head),
    get graceMs() {
      return head.length < characters ? HEAD_MS : 0;
    },
  };
  options.deadlines.linger(HEAD_MS);
  await Array.fromAsync(readBody(options, decode(reader)));
  return head;
}

function decode<T>(reader: TextReader<T>): BodyReader<T> {
  const decoder = new TextDecoder();
  return {
    push: (chunk, values) => reader.push(decoder.decode(chunk, STREAM), values),
    end(values) {
      const rest = decoder.decode();
      if (rest !== '') reader.push(rest, values);
      reader.end(values);
    },
    get graceMs() {
      return reader.graceMs;
    },
  };
}

const STREAM = { stream: true };

/** Some send blanks for as long as an answer takes to be made. */
function isBlank(chunk: Uint8Array): boolean {
  return chunk.every((byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d));
}
