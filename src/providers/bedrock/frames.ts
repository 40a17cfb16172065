// https://smithy.io/2.0/aws/amazon-eventstream.html

import { Crc32 } from '@smithy/core/checksum';
import { EventStreamCodec } from '@smithy/core/event-streams';
import { ProviderError } from '../errors.ts';
import type { FrameSplitter } from '../kit/chat-reader.ts';

/** What one frame says. */
export interface Frame {
  /** `event`, or a failure: `exception` or `error`. Others are not known yet. */
  readonly type: string;
  /** Of the event, or of the failure; empty where it has none. */
  readonly name: string;
  /** Of a failure that is told without JSON. */
  readonly message: string | null;
  /** JSON. */
  readonly text: string;
}

interface FrameLimits {
  /** Who sends them, as messages show it. */
  readonly name: string;
  /** Of one frame. */
  readonly maxBytes: number;
}

/** The length of a frame, that of its headers, and a checksum of both. */
const PRELUDE_BYTES = 12;
const SUMMED_BYTES = 8;
const LEAST_BYTES = PRELUDE_BYTES + 4;

/** Splits a body into frames, each of which has two checksums. Work is linear in the bytes, however they are cut. */
export function createFrameSplitter({ name, maxBytes }: FrameLimits): FrameSplitter<Frame> {
  const codec = new EventStreamCodec(
    (bytes) => (typeof bytes === 'string' ? bytes : Buffer.from(bytes).toString()),
    (text) => Buffer.from(text),
  );
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let wanted = PRELUDE_BYTES;

  const damaged = (cause?: unknown) => new ProviderError('BAD_RESPONSE', `${name} sent a damaged frame`, { cause });

  /** Looked at on its own: a wrong length would be waited for. */
  function lengthOf(prelude: Uint8Array): number {
    const view = new DataView(prelude.buffer, prelude.byteOffset, PRELUDE_BYTES);
    const checksum = new Crc32();
    checksum.update(prelude.subarray(0, SUMMED_BYTES));
    const length = view.getUint32(0);
    if (checksum.digestSync() !== view.getUint32(SUMMED_BYTES) || length < LEAST_BYTES) throw damaged();
    if (length > maxBytes)
      throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxBytes} bytes in one frame`);
    return length;
  }

  function decode(bytes: Uint8Array): Frame {
    try {
      const { headers, body } = codec.decode(bytes);
      const headerOf = (header: string) => (headers[header] === undefined ? null : String(headers[header].value));
      const type = headerOf(':message-type') ?? '';
      return {
        type,
        name: headerOf(type === 'error' ? ':error-code' : `:${type}-type`) ?? '',
        message: headerOf(':error-message'),
        text: Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString(),
      };
    } catch (error) {
      throw damaged(error);
    }
  }

  return {
    *push(chunk) {
      held.push(chunk);
      heldBytes += chunk.byteLength;
      if (heldBytes < wanted) return;
      let rest = held.length === 1 ? chunk : Buffer.concat(held);
      while (true) {
        wanted = rest.byteLength < PRELUDE_BYTES ? PRELUDE_BYTES : lengthOf(rest);
        if (rest.byteLength < wanted) break;
        const frame = rest.subarray(0, wanted);
        rest = rest.subarray(wanted);
        yield decode(frame);
      }
      held = rest.byteLength === 0 ? [] : [rest];
      heldBytes = rest.byteLength;
    },
    end() {
      if (heldBytes > 0) throw new ProviderError('BAD_RESPONSE', `${name} broke its answer off within a frame`);
    },
  };
}
