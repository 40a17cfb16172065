import type { ChatAnswer } from '../gateway/chat/chat-answer.ts';
import type { ChatEvent } from '../gateway/chat/chat-event.ts';
import type { Usage } from '../providers/provider.ts';
import { builder } from './builder.ts';
import { AttemptRef, FailureRef } from './failure.ts';

type EventOf<T extends ChatEvent['type']> = Extract<ChatEvent, { type: T }>;

const SequencedEvent = builder.interfaceRef<{ readonly seq: number }>('SequencedEvent').implement({
  description: 'What every event of a chat has: `... on SequencedEvent { seq }` selects it for all of them.',
  fields: (t) => ({
    seq: t.exposeInt('seq', {
      description: 'Its place in the chat, from 0, rising: what a client that comes back names in `after`.',
    }),
  }),
});

const FinishReason = builder.enumType('FinishReason', {
  description: 'Why an answer ended.',
  values: {
    STOP: { description: 'It was complete, or a stop sequence came up.' },
    LENGTH: { description: 'It reached the longest length allowed.' },
    CONTENT_FILTER: { description: "The upstream's filter ended it." },
    TOOL_CALLS: { description: 'The model wants to call tools.' },
    CANCELLED: { description: 'It was cancelled.' },
    OTHER: { description: 'Something else: see `rawFinishReason`.' },
  } as const,
});

const UsageRef = builder.objectRef<Usage>('Usage').implement({
  description: 'Tokens as the upstream counted them, never computed here. Null where it did not say.',
  fields: (t) => ({
    promptTokens: t.exposeInt('promptTokens', { nullable: true, description: 'Of the messages.' }),
    completionTokens: t.exposeInt('completionTokens', { nullable: true, description: 'Of the answer.' }),
    reasoningTokens: t.exposeInt('reasoningTokens', {
      nullable: true,
      description: 'Of the thinking before the answer.',
    }),
    totalTokens: t.exposeInt('totalTokens', { nullable: true, description: 'As the upstream adds them up.' }),
  }),
});

const ChatStarted = builder.objectRef<EventOf<'ChatStarted'>>('ChatStarted').implement({
  description: 'An answer begins. Voids everything before it: clear the text here.',
  interfaces: [SequencedEvent],
  fields: (t) => ({
    id: t.exposeID('id', { description: 'The id of the chat.' }),
    model: t.field({
      type: 'Model',
      description: 'The model that answers.',
      resolve: ({ model }, _args, { gateway }) => gateway.modelOf(model),
    }),
    attempts: t.expose('attempts', { type: [AttemptRef], description: 'The tries before it, in order.' }),
  }),
});

const ChatDelta = builder.objectRef<EventOf<'ChatDelta'>>('ChatDelta').implement({
  description: 'A piece of the answer. Joined in order they are the whole text.',
  interfaces: [SequencedEvent],
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The piece, spaces and all.' }),
    offset: t.exposeInt('offset', {
      description: 'Where it begins in the answer, in UTF-16 code units (the length of a JavaScript string).',
    }),
  }),
});

const ChatReasoningDelta = builder.objectRef<EventOf<'ChatReasoningDelta'>>('ChatReasoningDelta').implement({
  description: "A piece of the model's thinking, which is no part of the answer.",
  interfaces: [SequencedEvent],
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The piece, spaces and all.' }),
    offset: t.exposeInt('offset', { description: 'Where it begins in the thinking, in UTF-16 code units.' }),
  }),
});

const ChatImage = builder.objectRef<EventOf<'ChatImage'>>('ChatImage').implement({
  description: 'A picture that belongs to the answer.',
  interfaces: [SequencedEvent],
  fields: (t) => ({
    image: t.expose('image', { type: 'Image', description: 'The picture.' }),
  }),
});

const ChatFinished = builder.objectRef<EventOf<'ChatFinished'>>('ChatFinished').implement({
  description: 'The answer is complete. Always the last event.',
  interfaces: [SequencedEvent],
  fields: (t) => ({
    finishReason: t.expose('finishReason', { type: FinishReason, description: 'Why the answer ended.' }),
    rawFinishReason: t.exposeString('rawFinishReason', {
      nullable: true,
      description: "The upstream's own word for it; null where it has none.",
    }),
    length: t.exposeInt('length', { description: 'Of the answer, in UTF-16 code units.' }),
    usage: t.expose('usage', { type: UsageRef, nullable: true, description: 'Null where the upstream tells none.' }),
    firstTokenMs: t.exposeInt('firstTokenMs', {
      nullable: true,
      description: 'From the request to the first part of the answer, in milliseconds.',
    }),
    durationMs: t.exposeInt('durationMs', { description: 'From the request to the end, in milliseconds.' }),
  }),
});

export const ChatFailed = builder.objectRef<EventOf<'ChatFailed'>>('ChatFailed').implement({
  description: 'The answer did not come, or broke off. Always the last event.',
  interfaces: [FailureRef, SequencedEvent],
});

export const ChatEventUnion = builder.unionType('ChatEvent', {
  description:
    'What happens in a chat, in this order: `ChatStarted` (with the first part of an answer), any number of deltas and images, ' +
    'and then one `ChatFinished` or one `ChatFailed`, always the last. A chat that never got a first part is one `ChatFailed`. ' +
    'A `ChatStarted` voids everything before it.',
  types: [ChatStarted, ChatDelta, ChatReasoningDelta, ChatImage, ChatFinished, ChatFailed],
  resolveType: ({ type }) => type,
});

const ChatAnswerRef = builder.objectRef<ChatAnswer>('ChatAnswer').implement({
  description: 'A whole answer.',
  fields: (t) => ({
    text: t.exposeString('text', { description: 'The answer.' }),
    reasoning: t.exposeString('reasoning', {
      nullable: true,
      description: "The model's thinking; null where it shows none.",
    }),
    images: t.expose('images', { type: ['Image'], description: 'The pictures of the answer.' }),
    model: t.field({
      type: 'Model',
      description: 'The model that answered.',
      resolve: ({ model }, _args, { gateway }) => gateway.modelOf(model),
    }),
    finishReason: t.expose('finishReason', { type: FinishReason, description: 'Why the answer ended.' }),
    usage: t.expose('usage', { type: UsageRef, nullable: true, description: 'Null where the upstream tells none.' }),
  }),
});

export const CompleteChatResult = builder.unionType('CompleteChatResult', {
  description: 'The whole answer, or why there is none.',
  types: [ChatAnswerRef, ChatFailed],
  resolveType: ({ type }) => type,
});
