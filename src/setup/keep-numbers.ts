import type { Key } from '../config/auth.ts';

/**
 * The keys of a configuration that follows another: those without a name of their own are still called as they were,
 * whatever has gone from before them, as chats and files belong to a name. No other key is called so.
 */
export function keepNumbers(current: readonly Key[], next: readonly Key[]): Key[] {
  const nameOf = new Map(current.filter(isNumbered).map(({ key, name }) => [key, name]));
  const given = new Set(next.filter((one) => !isNumbered(one)).map(({ name }) => name));
  const taken = new Set([...nameOf.values(), ...given]);

  function rename({ key, name }: Key): string {
    const before = nameOf.get(key);
    if (before !== undefined && !given.has(before)) return before;
    if (!taken.has(name)) return name;
    for (let number = 1; ; number++) if (!taken.has(`key-${number}`)) return `key-${number}`;
  }

  return next.map((one) => {
    if (!isNumbered(one)) return one;
    const name = rename(one);
    taken.add(name);
    return { ...one, name };
  });
}

const isNumbered = (key: Key) => key.isNumbered === true;
