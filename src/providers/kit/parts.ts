import type { ChatPart } from '../chat.ts';

/** Adds a part to the others: text, or arguments of a call, to the end of such, if that is the last. */
export function pushPart(parts: ChatPart[], part: ChatPart): void {
  const last = parts.at(-1);
  if (isText(part)) pushText(parts, part.type, part.text);
  else if (last && isCallDelta(last) && isCallDelta(part) && last.index === part.index) {
    const { type, index, callId, name } = part;
    parts[parts.length - 1] = { type, index, callId, name, text: last.text + part.text };
  } else parts.push(part);
}

/** The same for text. */
export function pushText(parts: ChatPart[], type: TextPart['type'], text: string): void {
  const last = parts[parts.length - 1]; // Not `at`: this runs for every token.
  if (last !== undefined && last.type === type) parts[parts.length - 1] = { type, text: last.text + text };
  else parts.push({ type, text });
}

export type TextPart = Extract<ChatPart, { readonly type: 'text-delta' | 'reasoning-delta' }>;

export function isText(part: ChatPart): part is TextPart {
  const { type } = part;
  return type === 'text-delta' || type === 'reasoning-delta';
}

function isCallDelta(part: ChatPart): part is Extract<ChatPart, { readonly type: 'tool-call-delta' }> {
  return part.type === 'tool-call-delta';
}
