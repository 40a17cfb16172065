import { ProviderError } from '../providers/errors.ts';
import { imagePrompt } from '../providers/prompt.ts';
import type { ChatMessage, ChatOptions, ChatPart, FinishReason, Image, Usage } from '../providers/provider.ts';
import type { Surroundings } from './caller.ts';
import { type Attempt, callerLeft, type Failure, toFailure, toProviderError } from './failure.ts';
import { badInput } from './mistakes.ts';
import type { Model } from './registry.ts';

/**
 * What a subscriber of a chat gets: `ChatStarted` with the first part of an answer, then deltas and images, and last
 * exactly one `ChatFinished` or `ChatFailed`. An answer that never began is one `ChatFailed`. `seq` rises from 0.
 */
export type ChatEvent =
  | {
      readonly type: 'ChatStarted';
      readonly seq: number;
      readonly id: string;
      readonly model: Model;
      readonly attempts: readonly Attempt[];
    }
  | { readonly type: 'ChatDelta'; readonly seq: number; readonly text: string; readonly offset: number }
  | { readonly type: 'ChatReasoningDelta'; readonly seq: number; readonly text: string; readonly offset: number }
  | { readonly type: 'ChatImage'; readonly seq: number; readonly image: Image }
  | ChatFinished
  | ChatFailed;

export interface ChatFinished {
  readonly type: 'ChatFinished';
  readonly seq: number;
  readonly finishReason: FinishReason;
  readonly rawFinishReason: string | null;
  readonly length: number;
  readonly usage: Usage | null;
  readonly firstTokenMs: number | null;
  readonly durationMs: number;
}

export interface ChatFailed extends Failure {
  readonly type: 'ChatFailed';
  readonly seq: number;
}

export interface Chat extends ChatOptions {
  readonly id: string;
  readonly model: Model;
  readonly messages: readonly ChatMessage[];
}

/** @throws GraphQLError `BAD_USER_INPUT` for what the chosen model cannot be asked. */
export function checkChat({ model, messages, ...chat }: Chat): void {
  if (model.kind === 'IMAGE' && imagePrompt(messages) === '') {
    throw badInput(
      'input.messages',
      `'${model.id}' makes pictures: expected the last message to be the user's and to say what of`,
    );
  }
  const honoured = model.kind === 'CHAT' ? model.provider.chatOptions : [];
  for (const option of ['temperature', 'topP', 'maxTokens', 'stop', 'seed'] as const) {
    if (chat[option] !== undefined && !honoured.includes(option)) {
      throw badInput(`input.${option}`, `'${model.id}' cannot honour it; leave it out or choose another model`);
    }
  }
}

/** Tells a chat as it happens. Ends without a last event only when the caller has left. */
export async function* tellChat(
  chat: Chat,
  { caller, health, reportBug }: Surroundings,
): AsyncGenerator<ChatEvent, void, void> {
  const { id, model } = chat;
  const { signal, note } = caller;
  const begin = performance.now();
  const elapsedMs = () => Math.round(performance.now() - begin);
  let seq = 0;
  let length = 0;
  let reasoningLength = 0;
  let firstTokenMs: number | null = null;

  note({ model: model.id });
  try {
    signal.throwIfAborted();
    for await (const part of answer(chat, signal)) {
      if (firstTokenMs === null) {
        firstTokenMs = elapsedMs();
        yield { type: 'ChatStarted', seq: seq++, id, model, attempts: [] };
      }
      switch (part.type) {
        case 'text-delta':
          yield { type: 'ChatDelta', seq: seq++, text: part.text, offset: length };
          length += part.text.length;
          break;
        case 'reasoning-delta':
          yield { type: 'ChatReasoningDelta', seq: seq++, text: part.text, offset: reasoningLength };
          reasoningLength += part.text.length;
          break;
        case 'image':
          yield { type: 'ChatImage', seq: seq++, image: part.image };
          break;
        case 'finish': {
          health.succeeded();
          note({ code: part.reason });
          const { reason: finishReason, rawReason: rawFinishReason, usage } = part;
          yield {
            type: 'ChatFinished',
            seq,
            finishReason,
            rawFinishReason,
            length,
            usage,
            firstTokenMs,
            durationMs: elapsedMs(),
          };
          return;
        }
      }
    }
    throw new ProviderError('BAD_RESPONSE', `${model.provider.name} ended its answer without an end`);
  } catch (error) {
    if (callerLeft(signal)) return;
    const failure = toProviderError(error, reportBug);
    health.failed(failure);
    note({ code: failure.code });
    yield { type: 'ChatFailed', seq, ...toFailure(failure, model, elapsedMs()) };
  }
}

/** The provider's parts; those of an image model are its pictures. */
function answer(
  { model: { provider, name, kind }, messages, id: _, ...options }: Chat,
  signal: AbortSignal,
): AsyncIterable<ChatPart> {
  if (kind === 'IMAGE') return answerInPictures();
  if (!provider.streamChat) throw new ProviderError('REJECTED', `${provider.name} has no chat`);
  return provider.streamChat({ model: name, messages, ...options }, signal);

  async function* answerInPictures(): AsyncGenerator<ChatPart, void, void> {
    if (!provider.generateImages) throw new ProviderError('REJECTED', `${provider.name} makes no pictures`);
    const request = { model: name, prompt: imagePrompt(messages), aspectRatio: { width: 1, height: 1 }, count: 1 };
    for (const image of await provider.generateImages(request, signal)) yield { type: 'image', image };
    yield { type: 'finish', reason: 'STOP', rawReason: null, usage: null };
  }
}
