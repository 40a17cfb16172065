import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Continuation } from '../../providers/chat.ts';
import { parseJson } from '../../providers/http/json.ts';

/** Of what is written here; another version is not read. */
const VERSION = 1;
const DIGEST_LENGTH = 16;

/**
 * What a provider wants to see again, as the text that a client carries along: base64url of JSON, behind a digest of it.
 * It is neither secret nor signed, and grants nothing.
 * @returns null where it would be longer than `maxBytes`
 */
export function encodeContinuation({ dialect, data }: Continuation, maxBytes: number): string | null {
  const json = JSON.stringify([VERSION, dialect, data]);
  const text = digestOf(json) + Buffer.from(json).toString('base64url');
  return text.length <= maxBytes ? text : null;
}

/** Undefined for a text that is not as it was given out. */
export function decodeContinuation(text: string): Continuation | undefined {
  const json = Buffer.from(text.slice(DIGEST_LENGTH), 'base64url').toString();
  if (text.slice(0, DIGEST_LENGTH) !== digestOf(json)) return undefined;
  const [, dialect, data] = Envelope.safeParse(parseJson(json)).data ?? [];
  return dialect === undefined ? undefined : { dialect, data };
}

const Envelope = z.tuple([z.literal(VERSION), z.string(), z.unknown()]);

function digestOf(json: string): string {
  return createHash('sha256').update(json).digest('base64url').slice(0, DIGEST_LENGTH);
}
