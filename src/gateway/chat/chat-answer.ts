import type { FinishReason, Image, Source, Usage } from '../../providers/chat.ts';
import type { ListedModel } from '../model.ts';
import type { AnsweredCall, ChatEvent, ChatFailed, Structured } from './chat-event.ts';

/** The whole answer at once. */
export interface ChatAnswer extends Structured {
  readonly type: 'ChatAnswer';
  readonly text: string;
  readonly reasoning: string | null;
  readonly images: readonly Image[];
  readonly toolCalls: readonly AnsweredCall[];
  readonly sources: readonly Source[];
  readonly model: ListedModel;
  readonly finishReason: FinishReason;
  readonly usage: Usage | null;
  readonly continuation: string | null;
}

/** Puts a chat together. @throws the signal's reason when the chat ends without a last event. */
export async function collectChat(
  events: AsyncIterable<ChatEvent>,
  signal: AbortSignal,
): Promise<ChatAnswer | ChatFailed> {
  let model: ListedModel | undefined;
  let text = '';
  let reasoning: string | null = null;
  let images: Image[] = [];
  let toolCalls: AnsweredCall[] = [];
  let sources: Source[] = [];
  let answer: ChatAnswer | ChatFailed | undefined;
  for await (const event of events) {
    switch (event.type) {
      case 'ChatStarted':
        model = event.model;
        text = '';
        reasoning = null;
        [images, toolCalls, sources] = [[], [], []]; // What came before is void.
        break;
      case 'ChatDelta':
        text += event.text;
        break;
      case 'ChatReasoningDelta':
        reasoning = (reasoning ?? '') + event.text;
        break;
      case 'ChatImage':
        images.push(event.image);
        break;
      case 'ChatToolCall':
        toolCalls.push(event);
        break;
      case 'ChatSource':
        sources.push(event);
        break;
      case 'ChatFailed':
        answer = event;
        break;
      case 'ChatFinished': {
        if (!model) throw new Error('A chat finished that never started');
        const { finishReason, usage, continuation, object, objectProblems } = event;
        const parts = { text, reasoning, images, toolCalls, sources, object, objectProblems };
        answer = { type: 'ChatAnswer', ...parts, model, finishReason, usage, continuation };
        break;
      }
    }
  }
  if (!answer) throw signal.reason;
  return answer;
}
