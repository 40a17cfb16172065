import type { ChatAnswer } from '../gateway/chat/chat-answer.ts';
import type { AnsweredCall, ChatEvent } from '../gateway/chat/chat-event.ts';
import type { Source, Usage } from '../providers/chat.ts';
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
    cachedPromptTokens: t.exposeInt('cachedPromptTokens', {
      nullable: true,
      description: "Of those, the ones that were read from the upstream's cache.",
    }),
    cacheWriteTokens: t.exposeInt('cacheWriteTokens', {
      nullable: true,
      description: 'Of those, the ones that were written to it.',
    }),
    completionTokens: t.exposeInt('completionTokens', { nullable: true, description: 'Of the answer.' }),
    reasoningTokens: t.exposeInt('reasoningTokens', {
      nullable: true,
      description: 'Of the thinking before the answer.',
    }),
    totalTokens: t.exposeInt('totalTokens', { nullable: true, description: 'As the upstream adds them up.' }),
  }),
});

const INDEX = 'Which call of the answer it is, from 0, in the order in which they begin.';
const CALL_ID = 'Unique in its chat, and nowhere else.';
const ARGUMENTS = 'An object; null where the model wrote something else, which `argumentsText` has.';
const CONTINUATION =
  'For the message of this answer in the next chat, unchanged: what the model wants to see of its thinking. Null where there is nothing.';
const OBJECT = 'The answer as JSON, where `responseFormat` asked for that and it is some; null otherwise.';
const OBJECT_PROBLEMS =
  'Where `object` breaks the schema, or why there is none; empty where it holds, or none was asked for.';

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

const ChatToolCallDelta = builder.objectRef<EventOf<'ChatToolCallDelta'>>('ChatToolCallDelta').implement({
  description:
    'A piece of the arguments of a call, as the model writes them. Joined in order they are the JSON text of this call.',
  interfaces: [SequencedEvent],
  fields: (t) => ({
    index: t.exposeInt('index', { description: INDEX }),
    callId: t.exposeID('callId', { description: CALL_ID }),
    name: t.exposeString('name', { description: 'Of the tool.' }),
    text: t.exposeString('text', { description: 'The piece, spaces and all.' }),
    offset: t.exposeInt('offset', {
      description: 'Where it begins in the arguments of this call, in UTF-16 code units.',
    }),
  }),
});

const ChatToolCall = builder.objectRef<EventOf<'ChatToolCall'>>('ChatToolCall').implement({
  description:
    'A whole call, once it is complete: run the tool, and send the result in a TOOL message of the next chat.',
  interfaces: [SequencedEvent],
  fields: (t) => ({
    index: t.exposeInt('index', { description: INDEX }),
    callId: t.exposeID('callId', { description: CALL_ID }),
    name: t.exposeString('name', { description: 'Of the tool.' }),
    arguments: t.field({ type: 'JSON', nullable: true, description: ARGUMENTS, resolve: (call) => call.arguments }),
    argumentsText: t.exposeString('argumentsText', { description: 'The same, as the model wrote it.' }),
  }),
});

const ChatSource = builder.objectRef<EventOf<'ChatSource'>>('ChatSource').implement({
  description: 'What the answer cites, where the upstream tells it.',
  interfaces: [SequencedEvent],
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Where it is.' }),
    title: t.exposeString('title', { nullable: true, description: 'Its title; null where none was told.' }),
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
    continuation: t.exposeString('continuation', { nullable: true, description: CONTINUATION }),
    object: t.field({ type: 'JSON', nullable: true, description: OBJECT, resolve: ({ object }) => object }),
    objectProblems: t.exposeStringList('objectProblems', { description: OBJECT_PROBLEMS }),
  }),
});

export const ChatFailed = builder.objectRef<EventOf<'ChatFailed'>>('ChatFailed').implement({
  description: 'The answer did not come, or broke off. Always the last event.',
  interfaces: [FailureRef, SequencedEvent],
});

export const ChatEventUnion = builder.unionType('ChatEvent', {
  description:
    'What happens in a chat, in this order: `ChatStarted` (with the first part of an answer), any number of deltas, calls, images and sources, ' +
    'and then one `ChatFinished` or one `ChatFailed`, always the last. A chat that never got a first part is one `ChatFailed`. ' +
    'A `ChatStarted` voids everything before it.',
  types: [
    ChatStarted,
    ChatDelta,
    ChatReasoningDelta,
    ChatToolCallDelta,
    ChatToolCall,
    ChatImage,
    ChatSource,
    ChatFinished,
    ChatFailed,
  ],
  resolveType: ({ type }) => type,
});

const ToolCallRef = builder.objectRef<AnsweredCall>('ToolCall').implement({
  description: 'A call that the model wants to be made.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: INDEX }),
    callId: t.exposeID('callId', { description: CALL_ID }),
    name: t.exposeString('name', { description: 'Of the tool.' }),
    arguments: t.field({ type: 'JSON', nullable: true, description: ARGUMENTS, resolve: (call) => call.arguments }),
    argumentsText: t.exposeString('argumentsText', { description: 'The same, as the model wrote it.' }),
  }),
});

const SourceRef = builder.objectRef<Source>('Source').implement({
  description: 'What an answer cites.',
  fields: (t) => ({
    url: t.exposeString('url', { description: 'Where it is.' }),
    title: t.exposeString('title', { nullable: true, description: 'Its title; null where none was told.' }),
  }),
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
    toolCalls: t.expose('toolCalls', { type: [ToolCallRef], description: 'What the model calls.' }),
    sources: t.expose('sources', { type: [SourceRef], description: 'What the answer cites.' }),
    continuation: t.exposeString('continuation', { nullable: true, description: CONTINUATION }),
    object: t.field({ type: 'JSON', nullable: true, description: OBJECT, resolve: ({ object }) => object }),
    objectProblems: t.exposeStringList('objectProblems', { description: OBJECT_PROBLEMS }),
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
