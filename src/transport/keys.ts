import { createHash, timingSafeEqual } from 'node:crypto';
import type { Key } from '../config/auth.ts';

/** The name of the key in an `Authorization` value; null for nobody's. Takes equally long for every wrong key. */
export type OwnerOf = (authorization: unknown) => string | null;

/** Without keys everyone is the same owner, who has no name. */
export function createOwners(keys: readonly Key[]): OwnerOf {
  const accepted = keys.map(({ name, key }) => ({ name, digest: digest(key) }));
  return (authorization) => {
    if (accepted.length === 0) return '';
    const [, key] = /^Bearer +(\S+) *$/i.exec(String(authorization)) ?? [];
    if (key === undefined) return null;
    const given = digest(key);
    const [owner] = accepted.filter((one) => timingSafeEqual(one.digest, given));
    return owner?.name ?? null;
  };
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
