import { type Capabilities, CHAT_OPTIONS } from '../providers/capabilities.ts';
import { builder } from './builder.ts';

export const Modality = builder.enumType('Modality', {
  description: 'What goes into a model, or comes out of it.',
  values: {
    TEXT: { description: 'Words.' },
    IMAGE: { description: 'Pictures.' },
    AUDIO: { description: 'Sound, speech among it.' },
    FILE: { description: 'Documents, such as PDF.' },
  } as const,
});

const ChatOption = builder.enumType('ChatOption', {
  description: 'What may be asked of a chat model beyond its messages.',
  values: Object.fromEntries(
    Object.entries(CHAT_OPTIONS).map(([field, option]) => [
      option,
      { description: `The field \`${field}\` of \`ChatInput\`.` },
    ]),
  ),
});

export const ModelCapabilities = builder.objectRef<Capabilities>('ModelCapabilities').implement({
  description:
    "What a model can be asked for, as the configuration, its provider's list of models, a catalogue or its provider " +
    'tells. Null: not known, and what is not known is passed on for the upstream to decide. What it is known not to do ' +
    'is `BAD_USER_INPUT`, where no other model that the input names can do it.',
  fields: (t) => ({
    options: t.expose('options', {
      type: [ChatOption],
      nullable: true,
      description: 'The fields of `ChatInput` that it honours; null: not known.',
    }),
    inputs: t.expose('inputs', {
      type: [Modality],
      nullable: true,
      description: 'What its messages may hold; null: not known.',
    }),
    outputs: t.expose('outputs', {
      type: [Modality],
      nullable: true,
      description: 'What its answers may hold; null: not known.',
    }),
    tools: t.exposeBoolean('tools', { nullable: true, description: 'Whether it calls tools; null: not known.' }),
    structuredOutput: t.exposeBoolean('structuredOutput', {
      nullable: true,
      description: 'Whether it answers in JSON that keeps to a schema; null: not known.',
    }),
    reasoning: t.exposeBoolean('reasoning', {
      nullable: true,
      description: 'Whether it thinks before it answers; null: not known.',
    }),
    contextWindow: t.exposeInt('contextWindow', {
      nullable: true,
      description: 'How many of its tokens the messages and the answer may have together; null: not known.',
    }),
    maxOutputTokens: t.exposeInt('maxOutputTokens', {
      nullable: true,
      description: 'How many of its tokens an answer may have; null: not known.',
    }),
  }),
});
