import { builder } from './builder.ts';

export const ToolInput = builder.inputType('ToolInput', {
  description: 'Something that the model may call. The client runs it, and sends the result in a TOOL message.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Of 1 to 64 of the characters `a-zA-Z0-9_-`, unlike all others.' }),
    description: t.string({ description: 'What it does, and when it is of use: for the model.' }),
    parameters: t.field({
      type: 'JSON',
      description: 'A JSON Schema (2020-12 or draft 7) of an object, at most 64 KiB. None: there are no arguments.',
    }),
    strict: t.boolean({
      description: 'Whether arguments have to keep to the schema, where the upstream can see to it.',
    }),
  }),
});

const ToolModeEnum = builder.enumType('ToolMode', {
  description: 'Whether tools are called.',
  values: {
    AUTO: { description: 'The model decides.' },
    NONE: { description: 'It calls none.' },
    REQUIRED: { description: 'It calls at least one.' },
  } as const,
});

export const ToolChoiceInput = builder.inputType('ToolChoiceInput', {
  description: 'Which tools are called: exactly one of its fields.',
  isOneOf: true,
  fields: (t) => ({
    mode: t.field({ type: ToolModeEnum, description: 'Whether any are.' }),
    tool: t.string({ description: 'The name of the one that has to be called.' }),
  }),
});

const ResponseType = builder.enumType('ResponseType', {
  description: 'What an answer is.',
  values: { TEXT: { description: 'Words.' }, JSON: { description: 'JSON of any shape.' } } as const,
});

const JsonSchemaInput = builder.inputType('JsonSchemaInput', {
  description: 'The shape of an answer.',
  fields: (t) => ({
    name: t.string({ description: 'For the model: 1 to 64 of the characters `a-zA-Z0-9_-`. None: `answer`.' }),
    description: t.string({ description: 'What it is: for the model.' }),
    schema: t.field({
      type: 'JSON',
      required: true,
      description: 'A JSON Schema (2020-12 or draft 7), at most 64 KiB, without references to elsewhere.',
    }),
    strict: t.boolean({ description: 'Whether the answer has to keep to it, where the upstream can see to it.' }),
  }),
});

export const ResponseFormatInput = builder.inputType('ResponseFormatInput', {
  description: 'What the answer is: exactly one of its fields.',
  isOneOf: true,
  fields: (t) => ({
    type: t.field({ type: ResponseType, description: 'Words, or JSON of any shape.' }),
    jsonSchema: t.field({ type: JsonSchemaInput, description: 'JSON of this shape.' }),
  }),
});
