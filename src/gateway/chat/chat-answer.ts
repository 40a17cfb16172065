import type { FinishReason, Image, Usage } from '../../providers/provider.ts';
import type { ListedModel } from '../model.ts';
import type { ChatEvent, ChatFailed } from './chat-event.ts';

/** The whole answer at once. */
export interface ChatAnswer {
  readonly type: 'ChatAnswer';
  readonly text: string;
  readonly reasoning: string | null;
  readonly images: readonly Image[];
  readonly model: ListedModel;
  readonly finishReason: FinishReason;
  readonly usage: Usage | null;
}

/** Puts a chat together. @throws the signal's reason when the chat ends without a last event. */
export async function collectChat(
  events: AsyncIterable<ChatEvent>,
  signal: AbortSignal,
): Promise<ChatAnswer | ChatFailed> {
  let model: ListedModel | undefined;
  let text = '';
  let reasoning: string | null = null;
  const images: Image[] = [];
  let answer: ChatAnswer | ChatFailed | undefined;
  for await (const event of events) {
    switch (event.type) {
      case 'ChatStarted':
        model = event.model;
        text = '';
        reasoning = null;
        images.length = 0; // What came before is void.
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
      case 'ChatFailed':
        answer = event;
        break;
      case 'ChatFinished': {
        if (!model) throw new Error('A chat finished that never started');
        const { finishReason, usage } = event;
        answer = { type: 'ChatAnswer', text, reasoning, images, model, finishReason, usage };
        break;
      }
    }
  }
  if (!answer) throw signal.reason;
  return answer;
}
