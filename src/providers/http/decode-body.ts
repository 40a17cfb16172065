import type { Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from 'node:zlib';
import { ProviderError } from '../errors.ts';
import type { Receiver, UpstreamBody } from './dispatch.ts';

interface DecodeOptions {
  /** The upstream's name, as messages show it. */
  readonly name: string;
  /** The value of `content-encoding`. */
  readonly encoding: string;
  readonly body: UpstreamBody;
  /** The call's: when it aborts, what is being unpacked is given up. */
  readonly signal: AbortSignal;
}

/**
 * The body as it was before it was compressed; null for an encoding that nobody knows. It fails with `BAD_RESPONSE`
 * where it cannot be unpacked, or ends before its compressed form does.
 */
export function decodeBody({ name, encoding, body, signal }: DecodeOptions): UpstreamBody | null {
  const applied = encoding
    .toLowerCase()
    .split(',')
    .map((word) => word.trim())
    .filter((word) => !PLAIN.has(word));
  const decoders = applied.flatMap((word) => DECODERS.get(word) ?? []);
  if (decoders.length < applied.length || decoders.length > MOST_LAYERS) return null;
  return decoders.reduceRight((outer, create) => createDecodedBody({ name, body: outer, create, signal }), body);
}

/** What servers say of a body that is not compressed. */
const PLAIN: ReadonlySet<string> = new Set(['', 'identity', 'none', 'utf-8', 'utf8']);

/** Each has buffers of its own, and nobody compresses more often in earnest. */
const MOST_LAYERS = 2;

/** Makes a decoder for a body that begins with this piece. */
type CreateDecoder = (first: Uint8Array) => Transform;

/** What follows the end is not passed over. Gzip may go on with another member, and knows by itself. */
const OPTIONS = { rejectGarbageAfterEnd: true };
/** As large a window as may be asked for on the web: RFC 9659. */
const ZSTD = { ...OPTIONS, params: { [constants.ZSTD_d_windowLogMax]: 23 } };

const gunzip: CreateDecoder = () => createGunzip();

/** Meant with the zlib header, whose first byte says so; some servers leave it out. */
const inflate: CreateDecoder = ([first = 0]) =>
  (first & 0x0f) === 8 ? createInflate(OPTIONS) : createInflateRaw(OPTIONS);

const DECODERS: ReadonlyMap<string, CreateDecoder> = new Map([
  ['gzip', gunzip],
  ['x-gzip', gunzip],
  ['deflate', inflate],
  ['br', () => createBrotliDecompress(OPTIONS)],
  ['zstd', () => createZstdDecompress(ZSTD)],
]);

interface DecodedBodyOptions extends Pick<DecodeOptions, 'name' | 'body' | 'signal'> {
  readonly create: CreateDecoder;
}

/** No more is unpacked than is read: a decoder that is full has the upstream wait. */
function createDecodedBody({ name, body, create, signal }: DecodedBodyOptions): UpstreamBody {
  let decoder: Transform | undefined;
  let over = false;
  let receiver: Receiver | undefined;

  function stop() {
    over = true;
    signal.removeEventListener('abort', onAbort);
    decoder?.destroy();
  }

  function finish() {
    if (over) return;
    stop();
    receiver?.onEnd();
  }

  function fail(error: unknown) {
    if (over) return;
    stop();
    receiver?.onError(error);
  }

  /** All of it may have come from the upstream already. */
  function onAbort() {
    fail(signal.reason);
  }

  function start(first: Uint8Array): Transform {
    return create(first)
      .on('data', (chunk: Uint8Array) => {
        if (!over) receiver?.onData(chunk);
      })
      .on('drain', body.resume)
      .once('end', finish)
      .on('error', (cause) => {
        fail(new ProviderError('BAD_RESPONSE', `${name} sent what cannot be unpacked`, { cause }));
        body.drop();
      });
  }

  return {
    receive(given) {
      receiver = given;
      signal.addEventListener('abort', onAbort, { once: true });
      body.receive({
        onData(chunk) {
          if (over) return;
          decoder ??= start(chunk);
          if (!decoder.write(chunk)) body.pause();
        },
        onEnd() {
          if (decoder) decoder.end();
          else finish(); // A body of no bytes is no broken one.
        },
        onError(error) {
          if (decoder && !over) afterAll(decoder, () => fail(error));
          else fail(error);
        },
      });
    },
    pause: () => (decoder ?? body).pause(),
    resume: () => (decoder ?? body).resume(),
    drop() {
      stop();
      body.drop();
    },
  };
}

const NOTHING = new Uint8Array();

/** Waits until everything that was written is unpacked and handed on. */
function afterAll(decoder: Transform, act: () => void): void {
  decoder.write(NOTHING, () => {
    while (decoder.read() !== null); // Each is handed on by the listener.
    act();
  });
}
