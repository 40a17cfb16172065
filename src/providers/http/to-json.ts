import { randomUUID } from 'node:crypto';
import { isBase64 } from './base64.ts';

const LONG_CHARACTERS = 65_536;
/** Of what may stand before the base64 of a data: URI. */
const HEAD_CHARACTERS = 200;

/**
 * As JSON.stringify has it; in bytes where there is long base64 in it. As that has nothing to be escaped it is not gone
 * through, and copied once: otherwise a picture would hold all others up.
 */
export function toJson(value: unknown): string | Uint8Array {
  const mark = randomUUID();
  const long: string[] = [];
  const json = JSON.stringify(value, (_name, one) =>
    typeof one === 'string' && one.length > LONG_CHARACTERS && isPlain(one) ? `${mark}${long.push(one) - 1};` : one,
  );
  if (long.length === 0) return json;
  const [first = '', ...rest] = json.split(mark);
  const others = rest.flatMap((piece) => {
    const end = piece.indexOf(';');
    return [long[Number(piece.slice(0, end))] ?? '', piece.slice(end + 1)];
  });
  return join([first, ...others]);
}

function join(pieces: readonly string[]): Uint8Array {
  const bytes = Buffer.allocUnsafe(pieces.reduce((sum, piece) => sum + Buffer.byteLength(piece), 0));
  let length = 0;
  for (const piece of pieces) length += bytes.write(piece, length);
  return bytes;
}

function isPlain(text: string): boolean {
  const [head = ''] = /^data:[\w.+/;=-]*,/.exec(text.slice(0, HEAD_CHARACTERS)) ?? [];
  return isBase64(text.slice(head.length));
}
