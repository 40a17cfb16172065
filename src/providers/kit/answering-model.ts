/** What is told of a model is a name, and its length bounded. */
const MAX_LENGTH = 200;

/** The model that an upstream says has answered; null where it says nothing. */
export function toAnsweringModel(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value.slice(0, MAX_LENGTH) : null;
}
