import type { ChatPart } from '../provider.ts';

/** Adds a part to the others: text to the end of text, if that is the last. */
export function pushPart(parts: ChatPart[], part: ChatPart): void {
  const last = parts.at(-1);
  if (last && 'text' in last && 'text' in part && last.type === part.type) {
    parts[parts.length - 1] = { type: part.type, text: last.text + part.text };
  } else parts.push(part);
}
