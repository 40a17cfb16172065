import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether an `Authorization` value names one of the keys. Takes equally long for every wrong one. */
export type IsAuthorized = (authorization: unknown) => boolean;

/** Without keys everyone is authorized. */
export function createKeyCheck(keys: readonly string[]): IsAuthorized {
  const accepted = keys.map(digest);
  return (authorization) => {
    if (accepted.length === 0) return true;
    const [, key] = /^Bearer +(\S+) *$/i.exec(String(authorization)) ?? [];
    if (key === undefined) return false;
    const given = digest(key);
    return accepted.map((one) => timingSafeEqual(one, given)).includes(true);
  };
}

function digest(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}
