import type { ChatMessage } from '../chat.ts';
import { dataOf, REASONING_HISTORIES } from '../chat-completions/continuation.ts';
import { textOf } from '../kit/prompt.ts';
import type { ChatDialect } from './chat-dialect.ts';

type Answer = Extract<ChatMessage, { role: 'ASSISTANT' }>;

/** What an earlier answer said, and its reasoning where the server wants to see that again. */
export interface EarlierAnswer {
  readonly content: string | readonly object[] | null;
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly object[];
}

/** @param isInToolTurn whether tools were called between the messages of the user around it */
export function toEarlierAnswer(
  message: Answer,
  history: ChatDialect['reasoningHistory'],
  isInToolTurn: boolean,
): EarlierAnswer {
  const { continuation, toolCalls } = message;
  const text = textOf(message);
  const content = text === '' && toolCalls.length > 0 ? null : text;
  switch (history) {
    case 'reasoning_content': {
      if (!isInToolTurn) return { content };
      return { content, reasoning_content: dataOf(REASONING_HISTORIES[history], continuation) ?? '' };
    }
    case 'reasoning_details': {
      const details = dataOf(REASONING_HISTORIES[history], continuation);
      return details ? { content, reasoning_details: details } : { content };
    }
    case 'thinking':
      return { content: withThinking(text, dataOf(REASONING_HISTORIES[history], continuation)) ?? content };
    case 'none':
      return { content };
  }
}

/** The text in its pieces, with the thinking between them; undefined where the text is another than it came with. */
function withThinking(text: string, blocks: readonly (number | object)[] = []): readonly object[] | undefined {
  const units = blocks.filter((block) => typeof block === 'number').reduce((sum, count) => sum + count, 0);
  if (blocks.length === 0 || units !== text.length) return undefined;
  let end = 0;
  return blocks.flatMap((block) => {
    if (typeof block !== 'number') return [block];
    const begin = end;
    end += block;
    return block === 0 ? [] : [{ type: 'text', text: text.slice(begin, end) }];
  });
}

/** Tells of each message whether tools were called between the messages of the user around it. */
export function findToolTurns(messages: readonly ChatMessage[]): (at: number) => boolean {
  let turn = 0;
  const turns = messages.map(({ role }) => (role === 'USER' ? ++turn : turn));
  const calls = (message: ChatMessage) => message.role === 'ASSISTANT' && message.toolCalls.length > 0;
  const withCalls = new Set(messages.flatMap((message, at) => (calls(message) ? [turns[at]] : [])));
  return (at) => withCalls.has(turns[at]);
}
