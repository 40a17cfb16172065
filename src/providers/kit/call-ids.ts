/** Gives the calls of a history ids of letters, digits, `_` and `-`, each of them once. */
export interface CallIds {
  /** Of a call. */
  next(callId: string): string;
  /** Of the last call with this id. */
  of(callId: string): string;
}

/** @param maxLength of an id; at least 16 */
export function createCallIds(maxLength = Number.POSITIVE_INFINITY): CallIds {
  const given = new Map<string, string>();
  const taken = new Set<string>();
  const ids: CallIds = {
    next(callId) {
      const fitted = toFit(callId).slice(0, maxLength);
      let id = fitted;
      for (let again = 2; taken.has(id); again++) id = `${fitted.slice(0, maxLength - MAX_SUFFIX)}_${again}`;
      taken.add(id);
      given.set(callId, id);
      return id;
    },
    of: (callId) => given.get(callId) ?? ids.next(callId),
  };
  return ids;
}

const MAX_SUFFIX = 8;

/** A text of the characters that names and ids may have, and no longer than a name. */
export function toFit(text: string): string {
  return text.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 128) || '_';
}
