import { signal } from '@preact/signals';

const NAME = 'modelql-key';

/** The key that is sent along, where the server wants one. GraphiQL reads the same place in the session. */
export const key = signal<string | null>(sessionStorage.getItem(NAME) ?? localStorage.getItem(NAME));

/** Why a key has to be entered now: there is none, or the server does not know the one there is. */
export const keyWanted = signal<'missing' | 'refused' | null>(null);

let entered = Promise.withResolvers<void>();

/** Called when the server has turned us away. Resolves when a key has been entered. */
export function askForKey(): Promise<void> {
  keyWanted.value ??= key.value === null ? 'missing' : 'refused';
  return entered.promise;
}

/** @param isKept whether it outlives the tab */
export function enterKey(value: string, isKept: boolean): void {
  forgetKey();
  (isKept ? localStorage : sessionStorage).setItem(NAME, value);
  key.value = value;
  keyWanted.value = null;
  entered.resolve();
  entered = Promise.withResolvers();
}

export function forgetKey(): void {
  sessionStorage.removeItem(NAME);
  localStorage.removeItem(NAME);
  key.value = null;
}

export function authorization(): Record<string, string> {
  return key.value === null ? {} : { authorization: `Bearer ${key.value}` };
}
