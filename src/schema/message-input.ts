import { builder } from './builder.ts';

const ChatRole = builder.enumType('ChatRole', {
  description: 'Who says a message.',
  values: {
    SYSTEM: { description: 'The instructions that stand above the conversation.' },
    USER: { description: 'The person.' },
    ASSISTANT: { description: 'The model: an earlier answer.' },
    TOOL: { description: 'A tool: the result of a call.' },
  } as const,
});

const ImageDetail = builder.enumType('ImageDetail', {
  description: 'How closely a model looks at a picture.',
  values: {
    AUTO: { description: 'As it sees fit.' },
    LOW: { description: 'At a small copy, for fewer tokens.' },
    HIGH: { description: 'At all of it.' },
  } as const,
});

const LINK = 'An http(s) link, a data: URI in base64, or what `POST /media` gave.';

const ImagePartInput = builder.inputType('ImagePartInput', {
  description: 'A picture.',
  fields: (t) => ({
    url: t.string({ required: true, description: LINK }),
    detail: t.field({ type: ImageDetail, description: 'How closely it is looked at.' }),
  }),
});

const FilePartInput = builder.inputType('FilePartInput', {
  description: 'Sound, or a document: PDF, text, wav, mp3.',
  fields: (t) => ({
    url: t.string({ required: true, description: LINK }),
    mediaType: t.string({ description: 'Such as `application/pdf`, where the link does not tell.' }),
    name: t.string({ description: 'Of the file, for the model.' }),
  }),
});

const ContentPartInput = builder.inputType('ContentPartInput', {
  description: 'A part of a message: exactly one of its fields. An explicit null counts as one.',
  isOneOf: true,
  fields: (t) => ({
    text: t.string({ description: 'What is said.' }),
    image: t.field({ type: ImagePartInput, description: 'A picture.' }),
    audio: t.field({ type: FilePartInput, description: 'Sound.' }),
    file: t.field({ type: FilePartInput, description: 'A document.' }),
  }),
});

const ToolCallInput = builder.inputType('ToolCallInput', {
  description: 'A call of an earlier answer: exactly one of `arguments` and `argumentsText`.',
  fields: (t) => ({
    id: t.id({ required: true, description: 'Its `callId`.' }),
    name: t.string({ required: true, description: 'Of the tool.' }),
    arguments: t.field({ type: 'JSON', description: 'An object.' }),
    argumentsText: t.string({ description: 'As the model wrote them, also where that is no JSON.' }),
  }),
});

export const ChatMessageInput = builder.inputType('ChatMessageInput', {
  description:
    'One message of a conversation. It has `content` or `parts`; of the ASSISTANT that called tools neither is needed. ' +
    'Each call has its result in a TOOL message behind it.',
  fields: (t) => ({
    role: t.field({ type: ChatRole, required: true, description: 'Who says it.' }),
    content: t.string({ description: 'What is said, as one text.' }),
    parts: t.field({
      type: [ContentPartInput],
      description: 'What is said, in parts; media in those of USER and TOOL only.',
    }),
    toolCalls: t.field({ type: [ToolCallInput], description: 'Of the ASSISTANT: what it called.' }),
    toolCallId: t.id({ description: 'Of a TOOL, required there: the call that this is the result of.' }),
    isError: t.boolean({ description: 'Of a TOOL: it failed, and the content says how.' }),
    continuation: t.string({
      description: 'Of the ASSISTANT: the `continuation` that came with this answer, unchanged.',
    }),
  }),
});
