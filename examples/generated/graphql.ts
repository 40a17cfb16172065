/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A conversation to be continued, and by whom. */
export type ChatInput = {
  /** How much words that came often are avoided, −2 to 2. */
  frequencyPenalty?: number | null | undefined;
  /** Chosen by the client (a UUID), once for each chat: after a lost connection the same input with the same id joins the chat that it began, and the answer is paid for once. */
  id?: string | null | undefined;
  /** The longest answer, in the model's tokens (words, for `local/eliza`). */
  maxTokens?: number | null | undefined;
  /** The conversation so far, oldest first; at least one message. */
  messages: Array<ChatMessageInput>;
  /** A `Model.id`, a bare name or an alias. None: the provider's default, or the server's. */
  model?: string | null | undefined;
  /** What happens when a model breaks off in the middle. */
  onFailure?: FailurePolicy | null | undefined;
  /** Whether one answer may call several. */
  parallelToolCalls?: boolean | null | undefined;
  /** How much words that came already are avoided, −2 to 2. */
  presencePenalty?: number | null | undefined;
  /** A `Provider.id`: only its models. */
  provider?: string | null | undefined;
  /** What an upstream is to be sent as well, by the id of its provider: `{"openrouter": {"provider": {"sort": "price"}}}`. Our own fields win, and providers that do not answer are passed over. */
  providerOptions?: unknown;
  /** How much the model thinks before it answers. */
  reasoningEffort?: ReasoningEffort | null | undefined;
  /** What the answer is. None: text. Otherwise `object` of the end has it as JSON. */
  responseFormat?: ResponseFormatInput | null | undefined;
  /** The same seed gives, as far as the model can, the same answer. */
  seed?: number | null | undefined;
  /** The answer ends before any of these texts. */
  stop?: Array<string> | null | undefined;
  /** How freely words are chosen: 0 hardly, 1 as trained. What is allowed is up to the model. */
  temperature?: number | null | undefined;
  /** Which of the tools are called. None: the model decides. */
  toolChoice?: ToolChoiceInput | null | undefined;
  /** What the model may call. */
  tools?: Array<ToolInput> | null | undefined;
  /** Only so many of the likeliest words. */
  topK?: number | null | undefined;
  /** Only the likeliest words that have this probability together, 0 to 1. */
  topP?: number | null | undefined;
};

/** One message of a conversation. It has `content` or `parts`; of the ASSISTANT that called tools neither is needed. Each call has its result in a TOOL message behind it. */
export type ChatMessageInput = {
  /** What is said, as one text. */
  content?: string | null | undefined;
  /** Of the ASSISTANT: the `continuation` that came with this answer, unchanged. */
  continuation?: string | null | undefined;
  /** Of a TOOL: it failed, and the content says how. */
  isError?: boolean | null | undefined;
  /** What is said, in parts; media in those of USER and TOOL only. */
  parts?: Array<ContentPartInput> | null | undefined;
  /** Who says it. */
  role: ChatRole;
  /** Of a TOOL, required there: the call that this is the result of. */
  toolCallId?: string | null | undefined;
  /** Of the ASSISTANT: what it called. */
  toolCalls?: Array<ToolCallInput> | null | undefined;
};

/** Who says a message. */
export type ChatRole =
  /** The model: an earlier answer. */
  | 'ASSISTANT'
  /** The instructions that stand above the conversation. */
  | 'SYSTEM'
  /** A tool: the result of a call. */
  | 'TOOL'
  /** The person. */
  | 'USER';

/** A part of a message: exactly one of its fields. An explicit null counts as one. */
export type ContentPartInput =
  {   /** Sound. */
  audio: FilePartInput; file?: never; image?: never; text?: never; }
  |  { audio?: never;   /** A document. */
  file: FilePartInput; image?: never; text?: never; }
  |  { audio?: never; file?: never;   /** A picture. */
  image: ImagePartInput; text?: never; }
  |  { audio?: never; file?: never; image?: never;   /** What is said. */
  text: string; };

/** Why a provider could not do what was asked. */
export type FailureCode =
  /** It answered with something that is no answer, or broke its answer off. */
  | 'BAD_RESPONSE'
  /** A bot challenge stands in the way. */
  | 'BLOCKED'
  /** It does not have this model, or has it no longer (404, 410). Its other models may answer. */
  | 'MODEL_GONE'
  /** It was asked too often, or its quota is used up (429, 402). */
  | 'RATE_LIMITED'
  /** It refuses this very request (other 4xx). */
  | 'REJECTED'
  /** This server is stopping. */
  | 'SHUTTING_DOWN'
  /** It took longer than is waited for (408, 504, or a deadline of this server). */
  | 'TIMEOUT'
  /** Its answer is larger than this server takes. */
  | 'TOO_LARGE'
  /** It does not accept our key or cookie (401, 403). */
  | 'UNAUTHORIZED'
  /** It has a fault of its own (other 5xx). */
  | 'UNAVAILABLE'
  /** No connection could be made, or it broke. */
  | 'UNREACHABLE';

/** What happens when a model breaks off in the middle of its answer. */
export type FailurePolicy =
  /** The chat ends in `ChatFailed`. */
  | 'FAIL'
  /** The next model that there is starts over, with a `ChatStarted` that voids what came before. */
  | 'RESTART';

/** Sound, or a document: PDF, text, wav, mp3. */
export type FilePartInput = {
  /** Such as `application/pdf`, where the link does not tell. */
  mediaType?: string | null | undefined;
  /** Of the file, for the model. */
  name?: string | null | undefined;
  /** An http(s) link, a data: URI in base64, or what `POST /media` gave. */
  url: string;
};

/** Why an answer ended. */
export type FinishReason =
  /** It was cancelled. */
  | 'CANCELLED'
  /** The upstream's filter ended it. */
  | 'CONTENT_FILTER'
  /** It reached the longest length allowed. */
  | 'LENGTH'
  /** Something else: see `rawFinishReason`. */
  | 'OTHER'
  /** It was complete, or a stop sequence came up. */
  | 'STOP'
  /** The model wants to call tools. */
  | 'TOOL_CALLS';

/** What picture is wanted. */
export type GenerateImageInput = {
  /** Width to height, each 1 to 64: `16:9`. */
  aspectRatio?: string | null | undefined;
  /** How many, 1 to 10. A provider that makes one at a time is asked as often as needed. */
  count?: number | null | undefined;
  /** A `Model.id`, a bare name or an alias of an image model. None: the provider's default, or the server's. */
  model?: string | null | undefined;
  /** What it is to show. Not blank. */
  prompt: string;
  /** A `Provider.id`: only its models. */
  provider?: string | null | undefined;
};

/** How closely a model looks at a picture. */
export type ImageDetail =
  /** As it sees fit. */
  | 'AUTO'
  /** At all of it. */
  | 'HIGH'
  /** At a small copy, for fewer tokens. */
  | 'LOW';

/** A picture. */
export type ImagePartInput = {
  /** How closely it is looked at. */
  detail?: ImageDetail | null | undefined;
  /** An http(s) link, a data: URI in base64, or what `POST /media` gave. */
  url: string;
};

/** The shape of an answer. */
export type JsonSchemaInput = {
  /** What it is: for the model. */
  description?: string | null | undefined;
  /** For the model: 1 to 64 of the characters `a-zA-Z0-9_-`. None: `answer`. */
  name?: string | null | undefined;
  /** A JSON Schema (2020-12 or draft 7), at most 64 KiB, without references to elsewhere. */
  schema: unknown;
  /** Whether the answer has to keep to it, where the upstream can see to it. */
  strict?: boolean | null | undefined;
};

/** What a model answers with. */
export type ModelKind =
  /** Text, and with some models pictures. */
  | 'CHAT'
  /** Pictures only. In a chat it answers with a `ChatImage`. */
  | 'IMAGE';

/** How much a model thinks before it answers. What an upstream has no word for becomes the nearest that it has. */
export type ReasoningEffort =
  /** Much. */
  | 'HIGH'
  /** Little. */
  | 'LOW'
  /** As much as it can. */
  | 'MAX'
  /** As much as is usual. */
  | 'MEDIUM'
  /** Hardly. */
  | 'MINIMAL'
  /** Not at all. */
  | 'NONE';

/** What the answer is: exactly one of its fields. */
export type ResponseFormatInput =
  {   /** JSON of this shape. */
  jsonSchema: JsonSchemaInput; type?: never; }
  |  { jsonSchema?: never;   /** Words, or JSON of any shape. */
  type: ResponseType; };

/** What an answer is. */
export type ResponseType =
  /** JSON of any shape. */
  | 'JSON'
  /** Words. */
  | 'TEXT';

/** A call of an earlier answer: exactly one of `arguments` and `argumentsText`. */
export type ToolCallInput = {
  /** An object. */
  arguments?: unknown;
  /** As the model wrote them, also where that is no JSON. */
  argumentsText?: string | null | undefined;
  /** Its `callId`. */
  id: string;
  /** Of the tool. */
  name: string;
};

/** Which tools are called: exactly one of its fields. */
export type ToolChoiceInput =
  {   /** Whether any are. */
  mode: ToolMode; tool?: never; }
  |  { mode?: never;   /** The name of the one that has to be called. */
  tool: string; };

/** Something that the model may call. The client runs it, and sends the result in a TOOL message. */
export type ToolInput = {
  /** What it does, and when it is of use: for the model. */
  description?: string | null | undefined;
  /** Of 1 to 64 of the characters `a-zA-Z0-9_-`, unlike all others. */
  name: string;
  /** A JSON Schema (2020-12 or draft 7) of an object, at most 64 KiB. None: there are no arguments. */
  parameters?: unknown;
  /** Whether arguments have to keep to the schema, where the upstream can see to it. */
  strict?: boolean | null | undefined;
};

/** Whether tools are called. */
export type ToolMode =
  /** The model decides. */
  | 'AUTO'
  /** It calls none. */
  | 'NONE'
  /** It calls at least one. */
  | 'REQUIRED';

export type ModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ModelsQuery = { models: Array<{ id: string, kind: ModelKind }> };

export type ChatSubscriptionVariables = Exact<{
  input: ChatInput;
  after?: number | null | undefined;
}>;


export type ChatSubscription = { chat:
    | { __typename: 'ChatDelta', seq: number, text: string }
    | { __typename: 'ChatFailed', seq: number, code: FailureCode, message: string }
    | { __typename: 'ChatFinished', seq: number, finishReason: FinishReason }
    | { __typename: 'ChatImage', seq: number }
    | { __typename: 'ChatReasoningDelta', seq: number }
    | { __typename: 'ChatSource', seq: number }
    | { __typename: 'ChatStarted', seq: number, model: { id: string } }
    | { __typename: 'ChatToolCall', seq: number }
    | { __typename: 'ChatToolCallDelta', seq: number }
   };

export type ChatWithToolsSubscriptionVariables = Exact<{
  input: ChatInput;
}>;


export type ChatWithToolsSubscription = { chat:
    | { __typename: 'ChatDelta', text: string }
    | { __typename: 'ChatFailed', code: FailureCode, message: string }
    | { __typename: 'ChatFinished', continuation: string | null }
    | { __typename: 'ChatImage' }
    | { __typename: 'ChatReasoningDelta' }
    | { __typename: 'ChatSource' }
    | { __typename: 'ChatStarted' }
    | { __typename: 'ChatToolCall', callId: string, name: string, arguments: unknown, argumentsText: string }
    | { __typename: 'ChatToolCallDelta', index: number, name: string, text: string }
   };

export type DrawMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type DrawMutation = { generateImage:
    | { __typename: 'GeneratedImages', images: Array<{ url: string }> }
    | { __typename: 'ImageFailed', code: FailureCode, message: string }
   };


export const ModelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}}]}}]}}]} as unknown as DocumentNode<ModelsQuery, ModelsQueryVariables>;
export const ChatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"Chat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChatInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"chat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SequencedEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seq"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatStarted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatDelta"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatFinished"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"finishReason"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ChatSubscription, ChatSubscriptionVariables>;
export const ChatWithToolsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"ChatWithTools"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChatInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"chat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatDelta"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatToolCallDelta"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"text"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatToolCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"callId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"arguments"}},{"kind":"Field","name":{"kind":"Name","value":"argumentsText"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatFinished"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"continuation"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<ChatWithToolsSubscription, ChatWithToolsSubscriptionVariables>;
export const DrawDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Draw"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"GenerateImageInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generateImage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GeneratedImages"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"images"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImageFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DrawMutation, DrawMutationVariables>;