/** Gives the calls of a history ids of letters, digits, `_` and `-`, each of them once. */
export interface CallIds {
  /** Of a call. */
  next(callId: string): string;
  /** Of the last call with this id. */
  of(callId: string): string;
}

export function createCallIds(): CallIds {
  const given = new Map<string, string>();
  const taken = new Set<string>();
  const ids: CallIds = {
    next(callId) {
      const fitted = toFit(callId);
      let id = fitted;
      for (let again = 2; taken.has(id); again++) id = `${fitted.slice(0, MAX_LENGTH - MAX_SUFFIX)}_${again}`;
      taken.add(id);
      given.set(callId, id);
      return id;
    },
    of: (callId) => given.get(callId) ?? ids.next(callId),
  };
  return ids;
}

const MAX_LENGTH = 64;
const MAX_SUFFIX = 8;

/** A text of the characters that names and ids may have everywhere, and no longer: a model may call what is no name. */
export function toFit(text: string): string {
  return text.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, MAX_LENGTH) || '_';
}
