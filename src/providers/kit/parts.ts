import type { ChatPart } from '../chat.ts';

/** Adds a part to the others: text to the end of text, if that is the last. */
export function pushPart(parts: ChatPart[], part: ChatPart): void {
  const last = parts.at(-1);
  if (last && isText(last) && isText(part) && last.type === part.type) {
    parts[parts.length - 1] = { type: part.type, text: last.text + part.text };
  } else parts.push(part);
}

export type TextPart = Extract<ChatPart, { readonly type: 'text-delta' | 'reasoning-delta' }>;

export function isText(part: ChatPart): part is TextPart {
  const { type } = part;
  return type === 'text-delta' || type === 'reasoning-delta';
}
