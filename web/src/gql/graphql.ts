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
  id?: string | number | null | undefined;
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
  provider?: string | number | null | undefined;
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
  toolCallId?: string | number | null | undefined;
  /** Of the ASSISTANT: what it called. */
  toolCalls?: Array<ToolCallInput> | null | undefined;
};

/** What may be asked of a chat model beyond its messages. */
export type ChatOption =
  /** The field `frequencyPenalty` of `ChatInput`. */
  | 'FREQUENCY_PENALTY'
  /** The field `maxTokens` of `ChatInput`. */
  | 'MAX_TOKENS'
  /** The field `parallelToolCalls` of `ChatInput`. */
  | 'PARALLEL_TOOL_CALLS'
  /** The field `presencePenalty` of `ChatInput`. */
  | 'PRESENCE_PENALTY'
  /** The field `reasoningEffort` of `ChatInput`. */
  | 'REASONING_EFFORT'
  /** The field `seed` of `ChatInput`. */
  | 'SEED'
  /** The field `stop` of `ChatInput`. */
  | 'STOP'
  /** The field `temperature` of `ChatInput`. */
  | 'TEMPERATURE'
  /** The field `topK` of `ChatInput`. */
  | 'TOP_K'
  /** The field `topP` of `ChatInput`. */
  | 'TOP_P';

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
  provider?: string | number | null | undefined;
};

/** What the last calls of a provider ended in. */
export type HealthStatus =
  /** The last call failed, or the last two. */
  | 'DEGRADED'
  /** The last three calls failed, or more, of each of its models, or by its connection or our key: where a name reaches several providers, it is tried last. */
  | 'DOWN'
  /** The last call succeeded. */
  | 'HEALTHY'
  /** It has not been called yet. */
  | 'UNKNOWN';

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

/** What goes into a model, or comes out of it. */
export type Modality =
  /** Sound, speech among it. */
  | 'AUDIO'
  /** Documents, such as PDF. */
  | 'FILE'
  /** Pictures. */
  | 'IMAGE'
  /** Words. */
  | 'TEXT';

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
  id: string | number;
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

export type ModelNameFragment = { id: string, name: string, provider: { id: string, name: string } };

export type TryPartsFragment = { code: FailureCode, message: string, durationMs: number, retryAfterMs: number | null, model: { id: string, name: string, provider: { id: string, name: string } } };

export type PicturePartsFragment = { url: string, alt: string, mediaType: string | null, dataUri: string | null };

export type HealthPartsFragment = { status: HealthStatus, lastFailure: FailureCode | null, lastFailureAt: string | null, retryAt: string | null, firstPartP50Ms: number | null };

export type ModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ModelsQuery = { models: Array<{ id: string, name: string, kind: ModelKind, aliases: Array<string>, isDefault: boolean, capabilities: { options: Array<ChatOption> | null, inputs: Array<Modality> | null, tools: boolean | null, structuredOutput: boolean | null, reasoning: boolean | null }, provider: { id: string } }>, providers: Array<{ id: string, name: string, working: boolean, modelsProblem: string | null, health: { status: HealthStatus, lastFailure: FailureCode | null, lastFailureAt: string | null, retryAt: string | null, firstPartP50Ms: number | null } }> };

export type HealthSubscriptionVariables = Exact<{ [key: string]: never; }>;


export type HealthSubscription = { providerHealth: { id: string, health: { status: HealthStatus, lastFailure: FailureCode | null, lastFailureAt: string | null, retryAt: string | null, firstPartP50Ms: number | null } } };

export type ChatSubscriptionVariables = Exact<{
  input: ChatInput;
  after?: number | null | undefined;
}>;


export type ChatSubscription = { chat:
    | { __typename: 'ChatDelta', seq: number, text: string, offset: number }
    | { __typename: 'ChatFailed', seq: number, code: FailureCode, message: string, retryable: boolean, retryAfterMs: number | null, attempts: Array<{ code: FailureCode, message: string, durationMs: number, retryAfterMs: number | null, model: { id: string, name: string, provider: { id: string, name: string } } }> }
    | { __typename: 'ChatFinished', seq: number, finishReason: FinishReason, rawFinishReason: string | null, length: number, firstTokenMs: number | null, durationMs: number, continuation: string | null, object: unknown, objectProblems: Array<string>, usage: { promptTokens: number | null, completionTokens: number | null, reasoningTokens: number | null, totalTokens: number | null } | null }
    | { __typename: 'ChatImage', seq: number, image: { url: string, alt: string, mediaType: string | null, dataUri: string | null } }
    | { __typename: 'ChatReasoningDelta', seq: number, text: string, offset: number }
    | { __typename: 'ChatSource', seq: number, url: string, title: string | null }
    | { __typename: 'ChatStarted', seq: number, model: { id: string, name: string, provider: { id: string, name: string } }, attempts: Array<{ code: FailureCode, message: string, durationMs: number, retryAfterMs: number | null, model: { id: string, name: string, provider: { id: string, name: string } } }> }
    | { __typename: 'ChatToolCall', seq: number, index: number, callId: string, name: string, arguments: unknown, argumentsText: string }
    | { __typename: 'ChatToolCallDelta', seq: number, index: number, callId: string, name: string, text: string, offset: number }
   };

export type PicturesMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type PicturesMutation = { generateImage:
    | { __typename: 'GeneratedImages', model: { id: string, name: string, provider: { id: string, name: string } }, images: Array<{ url: string, alt: string, mediaType: string | null, dataUri: string | null }> }
    | { __typename: 'ImageFailed', code: FailureCode, message: string, retryable: boolean, retryAfterMs: number | null, attempts: Array<{ code: FailureCode, message: string, durationMs: number, retryAfterMs: number | null, model: { id: string, name: string, provider: { id: string, name: string } } }> }
   };

export const ModelNameFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Model"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"provider"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<ModelNameFragment, unknown>;
export const TryPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TryParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Attempt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"durationMs"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Model"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"provider"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}}]} as unknown as DocumentNode<TryPartsFragment, unknown>;
export const PicturePartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PictureParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Image"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"alt"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"dataUri"}}]}}]} as unknown as DocumentNode<PicturePartsFragment, unknown>;
export const HealthPartsFragmentDoc = {"kind":"Document","definitions":[{"kind":"FragmentDefinition","name":{"kind":"Name","value":"HealthParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderHealth"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailure"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailureAt"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"firstPartP50Ms"}}]}}]} as unknown as DocumentNode<HealthPartsFragment, unknown>;
export const ModelsDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"query","name":{"kind":"Name","value":"Models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"models"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"kind"}},{"kind":"Field","name":{"kind":"Name","value":"aliases"}},{"kind":"Field","name":{"kind":"Name","value":"isDefault"}},{"kind":"Field","name":{"kind":"Name","value":"capabilities"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"options"}},{"kind":"Field","name":{"kind":"Name","value":"inputs"}},{"kind":"Field","name":{"kind":"Name","value":"tools"}},{"kind":"Field","name":{"kind":"Name","value":"structuredOutput"}},{"kind":"Field","name":{"kind":"Name","value":"reasoning"}}]}},{"kind":"Field","name":{"kind":"Name","value":"provider"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}}]}}]}},{"kind":"Field","name":{"kind":"Name","value":"providers"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"working"}},{"kind":"Field","name":{"kind":"Name","value":"modelsProblem"}},{"kind":"Field","name":{"kind":"Name","value":"health"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"HealthParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"HealthParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderHealth"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailure"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailureAt"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"firstPartP50Ms"}}]}}]} as unknown as DocumentNode<ModelsQuery, ModelsQueryVariables>;
export const HealthDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"Health"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"providerHealth"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"health"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"HealthParts"}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"HealthParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ProviderHealth"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"status"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailure"}},{"kind":"Field","name":{"kind":"Name","value":"lastFailureAt"}},{"kind":"Field","name":{"kind":"Name","value":"retryAt"}},{"kind":"Field","name":{"kind":"Name","value":"firstPartP50Ms"}}]}}]} as unknown as DocumentNode<HealthSubscription, HealthSubscriptionVariables>;
export const ChatDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"subscription","name":{"kind":"Name","value":"Chat"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"ChatInput"}}}},{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"after"}},"type":{"kind":"NamedType","name":{"kind":"Name","value":"Int"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"chat"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}},{"kind":"Argument","name":{"kind":"Name","value":"after"},"value":{"kind":"Variable","name":{"kind":"Name","value":"after"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"SequencedEvent"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"seq"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatStarted"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TryParts"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatDelta"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"offset"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatReasoningDelta"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"offset"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatToolCallDelta"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"callId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"text"}},{"kind":"Field","name":{"kind":"Name","value":"offset"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatToolCall"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"index"}},{"kind":"Field","name":{"kind":"Name","value":"callId"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"arguments"}},{"kind":"Field","name":{"kind":"Name","value":"argumentsText"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatImage"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"image"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PictureParts"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatSource"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"title"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatFinished"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"finishReason"}},{"kind":"Field","name":{"kind":"Name","value":"rawFinishReason"}},{"kind":"Field","name":{"kind":"Name","value":"length"}},{"kind":"Field","name":{"kind":"Name","value":"usage"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"promptTokens"}},{"kind":"Field","name":{"kind":"Name","value":"completionTokens"}},{"kind":"Field","name":{"kind":"Name","value":"reasoningTokens"}},{"kind":"Field","name":{"kind":"Name","value":"totalTokens"}}]}},{"kind":"Field","name":{"kind":"Name","value":"firstTokenMs"}},{"kind":"Field","name":{"kind":"Name","value":"durationMs"}},{"kind":"Field","name":{"kind":"Name","value":"continuation"}},{"kind":"Field","name":{"kind":"Name","value":"object"}},{"kind":"Field","name":{"kind":"Name","value":"objectProblems"}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ChatFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TryParts"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Model"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"provider"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TryParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Attempt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"durationMs"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PictureParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Image"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"alt"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"dataUri"}}]}}]} as unknown as DocumentNode<ChatSubscription, ChatSubscriptionVariables>;
export const PicturesDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Pictures"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"GenerateImageInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generateImage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GeneratedImages"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"images"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"PictureParts"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImageFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"retryable"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}},{"kind":"Field","name":{"kind":"Name","value":"attempts"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"TryParts"}}]}}]}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"ModelName"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Model"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}},{"kind":"Field","name":{"kind":"Name","value":"provider"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"id"}},{"kind":"Field","name":{"kind":"Name","value":"name"}}]}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"PictureParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Image"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}},{"kind":"Field","name":{"kind":"Name","value":"alt"}},{"kind":"Field","name":{"kind":"Name","value":"mediaType"}},{"kind":"Field","name":{"kind":"Name","value":"dataUri"}}]}},{"kind":"FragmentDefinition","name":{"kind":"Name","value":"TryParts"},"typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"Attempt"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"model"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"FragmentSpread","name":{"kind":"Name","value":"ModelName"}}]}},{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}},{"kind":"Field","name":{"kind":"Name","value":"durationMs"}},{"kind":"Field","name":{"kind":"Name","value":"retryAfterMs"}}]}}]} as unknown as DocumentNode<PicturesMutation, PicturesMutationVariables>;