import { parseJson } from '../http/json.ts';

/** What stands around the text in pieces of JSON that differ in that text alone. */
export interface TextTemplate {
  readonly head: string;
  readonly tail: string;
}

/** So many pieces in turn are looked at for a template: there are answers of which no two are alike. */
export const TEMPLATE_TRIES = 8;
const PROBE = 'probe';
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON has to escape these.
const ESCAPED = /["\\\u0000-\u001f]/;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;

/** The text of a piece that is like the template; undefined for other pieces. */
export function textIn(data: string, { head, tail }: TextTemplate): string | undefined {
  if (data.length <= head.length + tail.length) return undefined;
  // Not `startsWith` and `endsWith`, which take five times as long.
  if (data.slice(0, head.length) !== head || data.slice(data.length - tail.length) !== tail) return undefined;
  const text = data.slice(head.length, data.length - tail.length);
  return ESCAPED.test(text) ? unquote(text) : text;
}

/** What stands in a string of JSON; undefined for what could not. Arguments are full of quotes: those are not parsed for. */
function unquote(text: string): string | undefined {
  let value = '';
  let begin = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE || code < SPACE) return undefined;
    if (code !== BACKSLASH) continue;
    const next = text.charCodeAt(at + 1);
    if (next !== QUOTE && next !== BACKSLASH) return parseJson(`"${text}"`) as string | undefined;
    value += text.slice(begin, at);
    begin = ++at;
  }
  return begin === 0 ? undefined : value + text.slice(begin);
}

/**
 * What stands around the text of a piece, if with another text nothing but that would be another.
 * @param says whether a piece has this text in it, and else what this one has
 */
export function findTemplate(
  data: string,
  text: string,
  says: (data: string, text: string) => boolean,
): TextTemplate | undefined {
  const written = JSON.stringify(text);
  const at = data.indexOf(written) + 1;
  const template = { head: data.slice(0, at), tail: data.slice(at + written.length - 2) };
  return says(`${template.head}${PROBE}${template.tail}`, PROBE) ? template : undefined;
}
