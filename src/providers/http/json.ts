import { ProviderError } from '../errors.ts';

/** An object, or a list, of which only narrow checks know more. */
export type Json = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null;
}

/** Whether it is nested no deeper: nothing that comes from outside may be made to walk it for ever. */
export function isShallow(value: unknown, depth: number): boolean {
  return !isObject(value) || (depth > 0 && Object.values(value).every((inner) => isShallow(inner, depth - 1)));
}

/** The object, or the list, that a text is; null for what is none. */
export function parseObject(text: string): Json | null {
  const value = parseJson(text);
  return isObject(value) ? value : null;
}

/** Undefined for what is no JSON: the caller says what that means. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON that lines make together, whatever blank ones and others are before it. */
export interface JsonLines {
  push(line: string): void;
  /** Undefined where they make none. */
  readonly value: unknown;
  /** Each that there is, whatever stands between them. */
  readonly values: readonly unknown[];
}

/** @param name who sends them, as messages show it */
export function createJsonLines({ name, maxBytes }: { readonly name: string; readonly maxBytes: number }): JsonLines {
  let text = '';
  return {
    push(line) {
      if (text === '' && !/^\s*[[{]/.test(line)) return;
      text += `${line}\n`;
      if (text.length > maxBytes) throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxBytes} characters`);
    },
    get value() {
      return parseJson(text);
    },
    get values() {
      return splitJsonTexts(text).map(parseJson);
    },
  };
}

/**
 * The JSON objects and lists that stand in a text one after another, whatever their lines and though nothing is between
 * them but a `data:` that lost its line; and what is none, as it is. Work is linear in the text.
 */
export function splitJsonTexts(text: string): string[] {
  const texts: string[] = [];
  let begin = 0;
  let depth = 0;
  let isString = false;

  function cut(end: number) {
    const piece = text.slice(begin, end).trim();
    begin = end;
    if (piece !== '' && piece !== 'data:') texts.push(piece);
  }

  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isString) {
      if (character === '\\') at++;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = depth > 0;
    else if (character === '{' || character === '[') {
      if (depth === 0) cut(at);
      depth++;
    } else if ((character === '}' || character === ']') && depth > 0) {
      depth--;
      if (depth === 0) cut(at + 1);
    }
  }
  cut(text.length);
  return texts;
}
