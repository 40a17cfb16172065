import type { ChatMessage, MediaPart, ToolCall } from '../chat.ts';
import { toArgumentsText } from '../kit/call-arguments.ts';
import { toFit } from '../kit/call-ids.ts';
import { textOf } from '../kit/prompt.ts';
import { fitCallIds } from './call-ids.ts';
import type { ChatDialect } from './chat-dialect.ts';
import { toContent } from './media.ts';
import { findToolTurns, toEarlierAnswer } from './reasoning-history.ts';

type Result = Extract<ChatMessage, { role: 'TOOL' }>;

/** A history, as a server wants it. @throws ProviderError `REJECTED` for what cannot be sent */
export function toOpenAiMessages(messages: readonly ChatMessage[], dialect: ChatDialect): readonly object[] {
  const { mediaInToolResults, mediaParts, reasoningHistory } = dialect;
  const ids = fitCallIds(messages, dialect);
  const toId = (callId: string) => ids.get(callId) ?? callId;
  const isInToolTurn = findToolTurns(messages);

  function toMessage(message: ChatMessage, at: number): object {
    switch (message.role) {
      case 'SYSTEM':
        return { role: 'system', content: textOf(message) };
      case 'USER':
        return { role: 'user', content: toContent(message.parts, mediaParts) };
      case 'ASSISTANT': {
        const answer = toEarlierAnswer(message, reasoningHistory, isInToolTurn(at));
        return { role: 'assistant', ...answer, tool_calls: toToolCalls(message.toolCalls, toId) };
      }
      case 'TOOL': {
        const content = mediaInToolResults ? toContent(toldParts(message), mediaParts) : toldText(message);
        return { role: 'tool', tool_call_id: toId(message.callId), content };
      }
    }
  }

  /** Media that have no place in the results that end here. */
  function toMediaMessage(end: number): object[] {
    if (mediaInToolResults || messages[end]?.role !== 'TOOL' || messages[end + 1]?.role === 'TOOL') return [];
    const begin = messages.findLastIndex(({ role }, at) => at < end && role !== 'TOOL') + 1;
    const parts = messages.slice(begin, end + 1).flatMap((message) => {
      const media = message.parts.filter(isMedia);
      if (message.role !== 'TOOL' || media.length === 0) return [];
      return [{ type: 'text', text: `From the result of ${message.name}:` } as const, ...media];
    });
    return parts.length === 0 ? [] : [{ role: 'user', content: toContent(parts, mediaParts) }];
  }

  return messages.flatMap((message, at) => [toMessage(message, at), ...toMediaMessage(at)]);
}

function toToolCalls(calls: readonly ToolCall[], toId: (callId: string) => string): readonly object[] | undefined {
  if (calls.length === 0) return undefined;
  return calls.map(({ callId, name, argumentsText }) => ({
    id: toId(callId),
    type: 'function',
    function: { name: toFit(name), arguments: toArgumentsText(argumentsText) },
  }));
}

/** The dialect has no field for a tool that failed. */
function toldParts({ parts, isError }: Result): Result['parts'] {
  return isError ? [{ type: 'text', text: 'Error: ' }, ...parts] : parts;
}

function toldText(message: Result): string {
  const text = textOf({ ...message, parts: toldParts(message) });
  return message.parts.every(isMedia) ? `${text}see the message behind the results` : text;
}

function isMedia(part: ChatMessage['parts'][number]): part is MediaPart {
  return part.type !== 'text';
}
