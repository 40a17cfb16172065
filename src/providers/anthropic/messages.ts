import type { ChatMessage, ToolCall } from '../chat.ts';
import { toArgumentsObject } from '../kit/call-arguments.ts';
import { createCallIds, toFit } from '../kit/call-ids.ts';
import { type Block, toBlocks } from './blocks.ts';
import { fromContinuation } from './continuation.ts';

export interface History {
  /** What all messages of the system say, wherever they stand: most models take none among the others. */
  readonly system: readonly Block[];
  /** Users and assistants take turns; results come first in theirs. */
  readonly messages: readonly Message[];
}

interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: Block[];
}

/** A history, with what earlier answers need to see again of themselves. */
export function toHistory(messages: readonly ChatMessage[]): History {
  const ids = createCallIds();
  const system: Block[] = [];
  const turns: Message[] = [];

  function say(role: Message['role'], blocks: readonly Block[]) {
    if (blocks.length === 0) return;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: [...blocks] });
  }

  const toCall = ({ callId, name, argumentsText }: ToolCall): Block => ({
    type: 'tool_use',
    id: ids.next(callId),
    name: toFit(name),
    input: toArgumentsObject(argumentsText),
  });

  for (const message of messages) {
    switch (message.role) {
      case 'SYSTEM':
        system.push(...toBlocks(message.parts));
        break;
      case 'USER':
        say('user', toBlocks(message.parts));
        break;
      case 'ASSISTANT':
        say(
          'assistant',
          fromContinuation(message, toCall) ?? [...toBlocks(message.parts), ...message.toolCalls.map(toCall)],
        );
        break;
      case 'TOOL':
        say('user', [toResult(message, ids.of(message.callId))]);
    }
  }
  return { system, messages: withoutBlankEnd(turns) };
}

function toResult({ parts, isError }: Extract<ChatMessage, { role: 'TOOL' }>, id: string): Block {
  const content = toBlocks(parts);
  return {
    type: 'tool_result',
    tool_use_id: id,
    ...(content.length > 0 && { content }),
    ...(isError && { is_error: true }),
  };
}

/** The beginning of the answer that is asked for must not end in blanks. */
function withoutBlankEnd(messages: readonly Message[]): readonly Message[] {
  const last = messages.at(-1);
  const block = last?.content.at(-1);
  if (last?.role !== 'assistant' || typeof block?.text !== 'string') return messages;
  const content = [...last.content.slice(0, -1), { ...block, text: block.text.trimEnd() }];
  return [...messages.slice(0, -1), { ...last, content }];
}
