import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { createServer, type TLSSocket } from 'node:tls';
import { onTestFinished } from 'vitest';
import { tls } from './tls.ts';

/** Codes of RST_STREAM and GOAWAY. */
export const NO_ERROR = 0;
export const INTERNAL_ERROR = 2;
export const REFUSED_STREAM = 7;
export const CANCEL = 8;

/** One request that arrived whole, and the frames that can be sent for it. Each is sent alone, unless it is corked. */
export interface PeerStream {
  readonly id: number;
  /** Of its connection. */
  readonly socket: TLSSocket;
  /** HEADERS with status 200 and these others. */
  headers(headers?: Readonly<Record<string, string>>, flags?: Flags): Promise<void>;
  data(text: string | Uint8Array, flags?: Flags): Promise<void>;
  /** HEADERS behind the data, which end the stream. */
  trailers(headers: Readonly<Record<string, string>>): Promise<void>;
  reset(code: number): Promise<void>;
  /** Says that nothing was done of streams after this one. */
  goAway(lastId: number, code?: number): Promise<void>;
}

interface Flags {
  /** END_STREAM. */
  readonly end?: boolean;
}

export type PeerPlay = (stream: PeerStream) => unknown;

/** A server on loopback that writes the frames of HTTP/2 by hand, as Node's own would not: each request with the next play, the last for all that follow. */
export async function startHttp2Peer(plays: readonly [PeerPlay, ...PeerPlay[]]) {
  const streams: PeerStream[] = [];
  const sockets = new Set<TLSSocket>();
  const server = createServer({ ...tls.selfSigned, ALPNProtocols: ['h2'] }, (socket) => {
    sockets.add(socket.on('error', () => {}).once('close', () => sockets.delete(socket)));
    socket.write(frame(SETTINGS, 0, 0));
    readFrames(socket, (type, flags, id) => {
      if (type === SETTINGS && !(flags & ACK)) socket.write(frame(SETTINGS, ACK, 0));
      if ((type !== DATA && type !== HEADERS) || !(flags & END_STREAM)) return;
      const stream = createStream(socket, id);
      const place = streams.push(stream) - 1;
      void plays[Math.min(place, plays.length - 1)]?.(stream);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `https://127.0.0.1:${port}`,
    /** The requests that have arrived, in order. */
    streams,
  };
}

function createStream(socket: TLSSocket, id: number): PeerStream {
  const send = async (...bytes: Parameters<typeof frame>) => {
    socket.write(frame(...bytes));
    await nextTurn(); // It is in the kernel by now, so that the other side reads it alone.
  };
  const endFlag = ({ end = false }: Flags) => (end ? END_STREAM : 0);
  return {
    id,
    socket,
    headers: (headers = {}, flags = {}) =>
      send(
        HEADERS,
        END_HEADERS | endFlag(flags),
        id,
        Uint8Array.of(STATUS_200),
        ...Object.entries(headers).map(encode),
      ),
    data: (text, flags = {}) => send(DATA, endFlag(flags), id, Buffer.from(text)),
    trailers: (headers) => send(HEADERS, END_HEADERS | END_STREAM, id, ...Object.entries(headers).map(encode)),
    reset: (code) => send(RST_STREAM, 0, id, toUint32(code)),
    goAway: (lastId, code = NO_ERROR) => send(GOAWAY, 0, 0, toUint32(lastId), toUint32(code)),
  };
}

// RFC 9113, section 6.
const [DATA, HEADERS, RST_STREAM, SETTINGS, GOAWAY] = [0, 1, 3, 4, 7];
const [ACK, END_STREAM, END_HEADERS] = [1, 1, 4];
const PREFACE_BYTES = 24;
const HEAD_BYTES = 9;

function frame(type: number, flags: number, id: number, ...payload: readonly Uint8Array[]): Buffer {
  const body = Buffer.concat(payload);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUIntBE(body.length, 0, 3);
  head.set([type, flags], 3);
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, body]);
}

function readFrames(socket: TLSSocket, take: (type: number, flags: number, id: number) => void): void {
  let unread = Buffer.alloc(0);
  let at = PREFACE_BYTES;
  socket.on('data', (chunk: Buffer) => {
    unread = Buffer.concat([unread, chunk]);
    while (unread.length >= at + HEAD_BYTES) {
      const [length, type, flags] = [unread.readUIntBE(at, 3), unread[at + 3] ?? 0, unread[at + 4] ?? 0];
      const id = unread.readUInt32BE(at + 5);
      if (unread.length < at + HEAD_BYTES + length) return;
      at += HEAD_BYTES + length;
      take(type, flags, id);
    }
  });
}

/** RFC 7541: an entry of the static table. */
const STATUS_200 = 0x88;

/** RFC 7541: a literal that goes into no table, for names and values of fewer than 127 bytes. */
function encode([name, value]: readonly [string, string]): Buffer {
  return Buffer.concat(
    [name, value].map((text, at) => Buffer.from([...(at === 0 ? [0] : []), text.length, ...Buffer.from(text)])),
  );
}

function toUint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
