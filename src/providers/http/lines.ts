import { ProviderError } from '../errors.ts';

export interface LineSplitter {
  /** The lines that `text` completes, without their ends. @throws ProviderError `TOO_LARGE` */
  push(text: string): readonly string[];
  /** The last line, if it had no end. */
  end(): readonly string[];
}

interface LineLimits {
  /** Who sends them, as messages show it. */
  readonly name: string;
  /** Of one line. */
  readonly maxBytes: number;
}

/**
 * Splits text at `\n` and `\r\n`, and at nothing else: a lone `\r` or a U+2028 belongs to its line (`node:readline`
 * splits there). Work is linear in the text, however it is cut.
 */
export function createLineSplitter({ name, maxBytes }: LineLimits): LineSplitter {
  let rest = '';
  const check = (line: string) => {
    if (line.length <= maxBytes) return line;
    throw new ProviderError('TOO_LARGE', `${name} sent more than ${maxBytes} characters in one line`);
  };
  return {
    push(text) {
      if (!text.includes('\n')) {
        rest = check(rest + text);
        return [];
      }
      const lines = (rest + text).split('\n');
      rest = check(lines.pop() ?? '');
      return lines.map((line) => check(line.endsWith('\r') ? line.slice(0, -1) : line));
    },
    end() {
      return rest === '' ? [] : [rest];
    },
  };
}
