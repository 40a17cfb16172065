import { effect, signal } from '@preact/signals';

const NAME = 'modelql-models';

function read(): readonly (string | null)[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(NAME) ?? 'null');
    const isList = Array.isArray(kept) && kept.length > 0 && kept.every((id) => id === null || typeof id === 'string');
    return isList ? kept : [null];
  } catch {
    return [null]; // Damaged: the server's default is a fine beginning.
  }
}

/** The models that are asked, side by side. Null is the server's default. */
export const chosenModels = signal(read());

effect(() => localStorage.setItem(NAME, JSON.stringify(chosenModels.value)));
