import type { ChatPart } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import { createEventStreamParser } from '../http/event-stream.ts';
import { createLineSplitter } from '../http/lines.ts';
import { createPushIterator, openLater, type PushIterator } from '../http/push-iterator.ts';
import type { BodyReader } from '../http/read-body.ts';
import type { HttpResponse, TextReader } from '../http/response.ts';

/** What a dialect makes of the pieces of one answer: theirs to ours. */
export interface ChatReader<Piece extends readonly unknown[]> {
  /** Adds what one piece says, text that follows text to its end. @throws ProviderError for what cannot be read */
  read(parts: ChatPart[], ...piece: Piece): void;
  /** Looks at a line that is no piece. @throws ProviderError where it has something of one in it */
  readOther?(line: string): void;
  /** Adds what is left, and tells how the answer ended; null where it was broken off. @throws ProviderError */
  end(parts: ChatPart[]): Finish | null;
  /** As that of a `BodyReader`: how long it is worth waiting once the end has been told. */
  readonly graceMs?: number | undefined;
}

export type Finish = Omit<Extract<ChatPart, { type: 'finish' }>, 'type'>;

/** Sends for an answer once it is asked for. */
export type Send = () => Promise<HttpResponse>;

/**
 * Reads an answer in server-sent events: the data and the type of each.
 * @param toFinish what a failure to get one is the end of, where it is an answer as such; null where it is none
 */
export function readEvents(
  send: Send,
  reader: ChatReader<[data: string, type: string]>,
  toFinish?: (error: ProviderError) => Finish | null,
): AsyncIterable<ChatPart> {
  return openLater(async () => {
    try {
      return readEventsOf(await send(), reader);
    } catch (error) {
      const finish = error instanceof ProviderError ? toFinish?.(error) : null;
      if (!finish) throw error;
      return finishAtOnce(finish);
    }
  });
}

function finishAtOnce(finish: Finish): PushIterator<ChatPart> {
  const iterator = createPushIterator<ChatPart>({ onPull() {}, onLeave() {} });
  iterator.push([{ type: 'finish', ...finish }]);
  iterator.end();
  return iterator;
}

/** Reads an answer in lines, without their ends. */
export function readLines(send: Send, reader: ChatReader<[line: string]>): AsyncIterable<ChatPart> {
  return openLater(async () => readLinesOf(await send(), reader));
}

/** Cuts the bytes of a body into frames. */
export interface FrameSplitter<Frame> {
  /** The frames that `chunk` completes. @throws ProviderError for what is none */
  push(chunk: Uint8Array): Iterable<Frame>;
  /** @throws ProviderError where a frame has no end */
  end(): void;
}

/** Reads an answer in frames of bytes. */
export function readFrames<Frame>(
  send: Send,
  reader: ChatReader<[frame: Frame]>,
  createSplitter: (answer: Pick<HttpResponse, 'name' | 'maxBytes'>) => FrameSplitter<Frame>,
): AsyncIterable<ChatPart> {
  return openLater(async () => {
    const answer = await send();
    const splitter = createSplitter(answer);
    const framing: BodyReader<ChatPart> = {
      push(chunk, parts) {
        for (const frame of splitter.push(chunk)) if (reader.graceMs !== 0) reader.read(parts, frame);
      },
      end: () => splitter.end(),
    };
    return answer.readBytes(withBounds(answer, reader, framing));
  });
}

function readEventsOf(answer: HttpResponse, reader: ChatReader<[data: string, type: string]>): PushIterator<ChatPart> {
  let parts: ChatPart[] = [];
  const parser = createEventStreamParser({
    name: answer.name,
    maxCharacters: answer.maxBytes,
    onEvent(data, type) {
      if (reader.graceMs !== 0) reader.read(parts, data, type);
    },
    onOther: (line) => reader.readOther?.(line),
  });
  const framing: TextReader<ChatPart> = {
    push(text, values) {
      parts = values;
      parser.push(text);
    },
    end(values) {
      parts = values;
      parser.end();
    },
  };
  return answer.read(withBounds(answer, reader, framing));
}

function readLinesOf(answer: HttpResponse, reader: ChatReader<[line: string]>): PushIterator<ChatPart> {
  const splitter = createLineSplitter(answer);
  const read = (parts: ChatPart[], lines: readonly string[]) => {
    for (const line of lines) if (reader.graceMs !== 0) reader.read(parts, line);
  };
  const framing: TextReader<ChatPart> = {
    push: (text, parts) => read(parts, splitter.push(text)),
    end: (parts) => read(parts, splitter.end()),
  };
  return answer.read(withBounds(answer, reader, framing));
}

/** Bounds what is kept of an answer, and looks whether it is one when it ends. */
function withBounds<Piece extends readonly unknown[], Chunk>(
  { name, maxBytes }: Pick<HttpResponse, 'name' | 'maxBytes'>,
  reader: ChatReader<Piece>,
  framing: Framing<Chunk>,
): Framing<Chunk> {
  let isEmpty = true;
  let bytes = 0;

  function count(parts: readonly ChatPart[]) {
    isEmpty &&= parts.length === 0;
    for (const part of parts) bytes += sizeOf(part);
    if (bytes > maxBytes) throw new ProviderError('TOO_LARGE', `${name} sent an answer of more than ${maxBytes} bytes`);
  }

  return {
    push(chunk, parts) {
      framing.push(chunk, parts);
      count(parts);
    },
    end(parts) {
      framing.end(parts);
      const finish = reader.end(parts);
      count(parts);
      if (finish === null) throw new ProviderError('BAD_RESPONSE', `${name} broke its answer off`);
      if (isEmpty && tellsNothing(finish)) {
        throw new ProviderError('BAD_RESPONSE', `${name} sent an answer without content`);
      }
      parts.push({ type: 'finish', ...finish });
    },
    get graceMs() {
      return reader.graceMs;
    },
  };
}

/** A reader of text, or of bytes. */
interface Framing<Chunk> extends Omit<BodyReader<ChatPart>, 'push'> {
  push(chunk: Chunk, parts: ChatPart[]): void;
}

/** Whether an end says no more than that it is one. */
function tellsNothing({ reason, rawReason }: Finish): boolean {
  return reason === 'STOP' || (reason === 'OTHER' && rawReason === null);
}

function sizeOf(part: ChatPart): number {
  switch (part.type) {
    case 'image':
      return part.image.url.length;
    case 'source':
      return part.url.length + (part.title?.length ?? 0);
    case 'tool-call':
      return part.callId.length + part.name.length; // Its arguments have been counted.
    case 'finish':
      return 0;
    default:
      return Buffer.byteLength(part.text);
  }
}
