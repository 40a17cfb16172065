import { createHash, timingSafeEqual } from 'node:crypto';

/**
 * Whom an `Authorization` value belongs to: something that stands for its key, and is not the key; null for nobody.
 * Takes equally long for every wrong key.
 */
export type OwnerOf = (authorization: unknown) => string | null;

/** Without keys everyone is the same owner. */
export function createOwners(keys: readonly string[]): OwnerOf {
  const accepted = keys.map(digest);
  return (authorization) => {
    if (accepted.length === 0) return '';
    const [, key] = /^Bearer +(\S+) *$/i.exec(String(authorization)) ?? [];
    if (key === undefined) return null;
    const given = digest(key);
    return accepted.map((one) => timingSafeEqual(one, given)).includes(true) ? given.toString('hex') : null;
  };
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
