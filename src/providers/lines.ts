export interface LineSplitter {
  /** The lines that `text` completes, without their ends. */
  push(text: string): readonly string[];
  /** The last line, if it had no end. */
  end(): readonly string[];
}

/**
 * Splits text at `\n` and `\r\n`, and at nothing else: a lone `\r` or a U+2028 belongs to its line (`node:readline`
 * splits there). Work is linear in the text, however it is cut.
 */
export function createLineSplitter(): LineSplitter {
  let rest = '';
  return {
    push(text) {
      if (!text.includes('\n')) {
        rest += text;
        return [];
      }
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
    },
    end() {
      return rest === '' ? [] : [rest];
    },
  };
}
