import type { ChatPart, ChatRequest as ProviderRequest } from '../../providers/chat.ts';
import { ProviderError } from '../../providers/errors.ts';
import { imagePrompt } from '../../providers/kit/prompt.ts';
import { askWithin } from '../call-observer.ts';
import type { CallContext } from '../caller.ts';
import { type Attempt, callerLeft, toFailure } from '../failure.ts';
import { checkImages } from '../image/images.ts';
import type { ChatMedia } from '../media/chat-media.ts';
import { type Model, toListed } from '../model.ts';
import type { ProviderAccess } from '../provider-access.ts';
import type { Candidates } from '../registry.ts';
import { tryCandidates } from '../try-candidates.ts';
import type { ChatEvent } from './chat-event.ts';
import type { Asked, ChatRequest } from './chat-request.ts';
import { createSequencer } from './event-sequencer.ts';
import type { StructuredAnswer } from './structured-answer.ts';

export interface Chat {
  readonly id: string;
  readonly asked: Asked;
  /** The models that may answer, in the order in which they are tried. */
  readonly candidates: Candidates;
  /** What happens when a model breaks off in the middle. */
  readonly onFailure?: ChatRequest['onFailure'];
  readonly providerOptions?: ChatRequest['providerOptions'];
  readonly structured: StructuredAnswer;
  /** The messages as the model's provider takes them. Absent: as they are. */
  readonly messagesFor?: ChatMedia['messagesFor'] | undefined;
  readonly maxContinuationBytes: number;
  /** The `seq` of its first event. */
  readonly from: number;
}

/** The reason with which a chat is aborted that is to end in a `ChatFinished` of its own. */
export const CANCELLED = new Error('The chat was cancelled');

/** Takes one event; where it returns a promise, the next has to wait for that. */
export type Write = (event: ChatEvent) => Promise<unknown> | undefined;

/**
 * Tells a chat as it happens. The models are tried until one gives its first part; after that the next is tried only
 * where the chat wants it, from the beginning and with a `ChatStarted` of its own. Ends without a last event only when
 * everyone has left.
 */
export async function runChat(chat: Chat, context: CallContext, write: Write): Promise<void> {
  const { signal, trace, stats } = context;
  const { structured } = chat;
  const sequencer = createSequencer(chat.maxContinuationBytes, chat.from);
  let begun = false;

  /** Writes one model's answer. @throws what broke it */
  async function tellAnswer(model: Model, access: ProviderAccess, attempts: readonly Attempt[]): Promise<void> {
    if (begun) stats.restarted++;
    begun = false;
    const messages = (await chat.messagesFor?.(model, signal)) ?? chat.asked.messages;
    const request = { ...chat.asked, messages, providerOptions: chat.providerOptions?.[model.provider.id] };
    const seen = access.begin({ kind: 'CHAT', model, request, signal, trace });
    try {
      for await (const part of askWithin(seen, () => answer(model, request, signal))) {
        if (part.type === 'image') checkImages([part.image]);
        if (!begun) {
          begun = true;
          seen.firstPart(part);
          structured.start();
          await write(sequencer.start({ id: chat.id, model: toListed(model), attempts: [...attempts] }));
        } else if (part.type !== 'finish') seen.part?.(part);
        if (part.type === 'finish') {
          seen.succeeded(part);
          return void write(sequencer.finish(part, await structured.read(part.reason)));
        }
        if (part.type === 'text-delta') structured.add(part.text);
        const room = write(sequencer.part(part));
        if (room) await room;
      }
      throw new ProviderError('BAD_RESPONSE', `${model.provider.name} ended its answer without an end`);
    } catch (error) {
      if (error instanceof ProviderError && !callerLeft(signal)) seen.failed(error);
      throw error;
    } finally {
      seen.end();
    }
  }

  try {
    const mayGoOn = () => !begun || chat.onFailure === 'RESTART';
    const tried = await tryCandidates(chat.candidates, context, tellAnswer, mayGoOn);
    if ('failure' in tried) write(sequencer.failure(toFailure(tried.failure, tried.attempts)));
  } catch (error) {
    if (signal.reason === CANCELLED) {
      const cancelled = { type: 'finish', reason: 'CANCELLED', rawReason: null, usage: null } as const;
      write(sequencer.finish(cancelled, await structured.read('CANCELLED')));
    } else if (!callerLeft(signal)) throw error;
  }
}

/** The provider's parts; those of an image model are its pictures. */
function answer(
  { provider, name, kind }: Model,
  request: Omit<ProviderRequest, 'model'>,
  signal: AbortSignal,
): AsyncIterable<ChatPart> {
  if (kind === 'IMAGE') return answerInPictures();
  if (!provider.streamChat) throw new ProviderError('REJECTED', `${provider.name} has no chat`);
  return provider.streamChat({ ...request, model: name }, signal);

  async function* answerInPictures(): AsyncGenerator<ChatPart, void, void> {
    if (!provider.generateImages) throw new ProviderError('REJECTED', `${provider.name} makes no pictures`);
    const prompt = imagePrompt(request.messages);
    const order = { model: name, prompt, aspectRatio: { width: 1, height: 1 }, count: 1 };
    for (const image of checkImages(await provider.generateImages(order, signal))) yield { type: 'image', image };
    yield { type: 'finish', reason: 'STOP', rawReason: null, usage: null };
  }
}
