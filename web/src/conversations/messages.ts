import type { ChatInput, ChatMessageInput, ContentPartInput } from '../gql/graphql.ts';
import type { Answer } from './answer.ts';
import { type Attachment, kindOf } from './attachment.ts';
import type { Question, Turn } from './turn.ts';

const PLACEHOLDER = 'attachment:';

/** The id of the attachment that a URL stands for, until it is sent; null for a real one. */
export const fromPlaceholder = (url: string): string | null =>
  url.startsWith(PLACEHOLDER) ? url.slice(PLACEHOLDER.length) : null;

export const urlOf = ({ image, audio, file }: ContentPartInput): string => (image ?? audio ?? file)?.url ?? '';

/** The ids of the attachments that have not been sent yet. */
export const unsentIn = ({ messages }: ChatInput): readonly string[] =>
  messages.flatMap(({ parts }) => parts ?? []).flatMap((part) => fromPlaceholder(urlOf(part)) ?? []);

/** A question and what came of it. */
export function toQuestion({ question, attachments }: Question): ChatMessageInput {
  if (attachments.length === 0) return { role: 'USER', content: question };
  const text: ContentPartInput[] = question.trim() === '' ? [] : [{ text: question }];
  return { role: 'USER', parts: [...attachments.map(toPart), ...text] };
}

function toPart(attachment: Attachment): ContentPartInput {
  const { id, name, mediaType } = attachment;
  const url = `${PLACEHOLDER}${id}`;
  const kind = kindOf(attachment);
  if (kind === 'image') return { image: { url } };
  return kind === 'audio' ? { audio: { url, mediaType, name } } : { file: { url, mediaType, name } };
}

/** Turns that are over, for a model: it goes on from its own answers, where it gave any. */
export function toHistory(turns: readonly Turn[], model: string | null): ChatMessageInput[] {
  return turns.flatMap((turn) => {
    const said = turn.answers.filter(({ text, earlier }) => text !== '' || earlier.length > 0);
    const own = said.find(({ asked }) => asked === model) ?? said[0];
    return [toQuestion(turn), ...(own ? [...toSteps(own.earlier), ...toAnswer(own)] : [])];
  });
}

/** Answers that have called tools, each with the results. */
export function toSteps(earlier: readonly Answer[]): ChatMessageInput[] {
  return earlier.flatMap(({ text, calls, results, finished }) => [
    {
      role: 'ASSISTANT',
      ...(text === '' ? {} : { content: text }),
      toolCalls: calls.map(({ callId, name, argumentsText }) => ({ id: callId, name, argumentsText })),
      ...toContinuation(finished),
    },
    ...calls.map(({ callId }): ChatMessageInput => {
      const { text: content, isError } = results[callId] ?? { text: '', isError: true };
      return { role: 'TOOL', toolCallId: callId, content, ...(isError ? { isError } : {}) };
    }),
  ]);
}

/** The last answer. Calls that nobody has answered cannot be told, nor what the model has thought before them. */
function toAnswer({ text, calls, finished }: Answer): ChatMessageInput[] {
  if (text === '') return [];
  return [{ role: 'ASSISTANT', content: text, ...(calls.length > 0 ? {} : toContinuation(finished)) }];
}

const toContinuation = (finished: Answer['finished']): Pick<ChatMessageInput, 'continuation'> =>
  finished?.continuation == null ? {} : { continuation: finished.continuation };
