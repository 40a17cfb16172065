import type { ChatMessage, ToolCall } from '../chat.ts';
import { toArgumentsObject } from '../kit/call-arguments.ts';
import { createCallIds, toFit } from '../kit/call-ids.ts';
import { type Block, toBlocks } from './blocks.ts';
import { fromContinuation } from './continuation.ts';

export interface History {
  /** What all messages of the system say, wherever they stand: there is no place for them among the others. */
  readonly system: readonly Block[];
  /** Users and assistants take turns; results come first in theirs. */
  readonly messages: readonly Message[];
}

export interface Message {
  readonly role: 'user' | 'assistant';
  readonly content: Block[];
}

interface HistoryOptions {
  readonly maker: string;
  /** Without tools, calls and their results are refused: they are told in words. */
  readonly hasTools: boolean;
}

/** A history, with what earlier answers need to see again of themselves. */
export function toHistory(messages: readonly ChatMessage[], { maker, hasTools }: HistoryOptions): History {
  const ids = createCallIds();
  const names = new Set<string>();
  const system: Block[] = [];
  const turns: Message[] = [];

  function say(role: Message['role'], blocks: readonly Block[]) {
    if (blocks.length === 0) return;
    const last = turns.at(-1);
    if (last?.role === role) last.content.push(...blocks);
    else turns.push({ role, content: [...blocks] });
  }

  function toCall({ callId, name, argumentsText }: ToolCall): Block {
    if (!hasTools) return { text: `I call ${name} with ${argumentsText || '{}'}` };
    return { toolUse: { toolUseId: ids.next(callId), name: toFit(name), input: toArgumentsObject(argumentsText) } };
  }

  function toResult({ callId, name, parts, isError }: Extract<ChatMessage, { role: 'TOOL' }>): readonly Block[] {
    if (!hasTools) return [{ text: `${name} ${isError ? 'failed' : 'returned'}:` }, ...toBlocks(parts, names)];
    const content = toBlocks(parts, names);
    return [{ toolResult: { toolUseId: ids.of(callId), content, ...(isError && { status: 'error' }) } }];
  }

  for (const message of messages) {
    switch (message.role) {
      case 'SYSTEM':
        system.push(...toBlocks(message.parts));
        break;
      case 'USER':
        say('user', toBlocks(message.parts, names));
        break;
      case 'ASSISTANT': {
        const blocks =
          hasTools || message.toolCalls.length === 0 ? fromContinuation(message, maker, toCall) : undefined;
        say('assistant', blocks ?? [...toBlocks(message.parts), ...message.toolCalls.map(toCall)]);
        break;
      }
      case 'TOOL':
        say('user', toResult(message));
    }
  }
  return { system, messages: withoutBlankEnd(turns) };
}

/** The beginning of the answer that is asked for must not end in blanks. */
function withoutBlankEnd(turns: readonly Message[]): readonly Message[] {
  const last = turns.at(-1);
  const text = last?.content.at(-1)?.text;
  if (last?.role !== 'assistant' || typeof text !== 'string') return turns;
  return [...turns.slice(0, -1), { ...last, content: [...last.content.slice(0, -1), { text: text.trimEnd() }] }];
}
