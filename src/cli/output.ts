import { styleText } from 'node:util';

/** The answer, and nothing else: what the next program reads. */
export function say(text: string): void {
  process.stdout.write(process.stdout.isTTY ? withoutControls(text) : text);
}

/** What is good to know, or to fear, as a line. */
export function note(line: string): void {
  process.stderr.write(`${process.stderr.isTTY ? withoutControls(line) : line}\n`);
}

/** What a person may like to know who looks on. */
export function remark(text: string): void {
  if (process.stderr.isTTY) process.stderr.write(styleText('dim', withoutControls(text), { stream: process.stderr }));
}

/** Text from elsewhere must not steer the terminal: no control characters but new lines and tabs. */
export function withoutControls(text: string): string {
  return text.replace(/(?![\n\t])\p{Cc}/gu, '');
}
