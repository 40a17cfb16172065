/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { DocumentTypeDecoration } from '@graphql-typed-document-node/core';
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
  provider?: string | null | undefined;
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

export type ChatSubscriptionVariables = Exact<{
  input: ChatInput;
  after?: number | null | undefined;
}>;


export type ChatSubscription = { chat:
    | { __typename: 'ChatDelta', seq: number, text: string, offset: number }
    | { __typename: 'ChatFailed', seq: number, code: FailureCode, message: string, retryable: boolean, attempts: Array<{ code: FailureCode, message: string, durationMs: number, model: { id: string } }> }
    | { __typename: 'ChatFinished', seq: number, finishReason: FinishReason, rawFinishReason: string | null, length: number, firstTokenMs: number | null, durationMs: number, continuation: string | null, object: unknown, objectProblems: Array<string>, usage: { promptTokens: number | null, cachedPromptTokens: number | null, cacheWriteTokens: number | null, completionTokens: number | null, reasoningTokens: number | null, totalTokens: number | null } | null }
    | { __typename: 'ChatImage', seq: number, image: { url: string, alt: string, mediaType: string | null, dataUri: string | null } }
    | { __typename: 'ChatReasoningDelta', seq: number, text: string, offset: number }
    | { __typename: 'ChatSource', seq: number, url: string, title: string | null }
    | { __typename: 'ChatStarted', seq: number, id: string, model: { id: string }, attempts: Array<{ code: FailureCode, message: string, durationMs: number, model: { id: string } }> }
    | { __typename: 'ChatToolCall', seq: number, index: number, callId: string, name: string, arguments: unknown, argumentsText: string }
    | { __typename: 'ChatToolCallDelta', seq: number, index: number, callId: string, name: string, text: string, offset: number }
   };

export type AttemptFragment = { code: FailureCode, message: string, durationMs: number, model: { id: string } };

export type PictureFragment = { url: string, alt: string, mediaType: string | null, dataUri: string | null };

export type GenerateImageMutationVariables = Exact<{
  input: GenerateImageInput;
}>;


export type GenerateImageMutation = { generateImage:
    | { __typename: 'GeneratedImages', images: Array<{ url: string, alt: string, mediaType: string | null, dataUri: string | null }>, model: { id: string } }
    | { __typename: 'ImageFailed', code: FailureCode, message: string, retryable: boolean, attempts: Array<{ code: FailureCode, message: string, durationMs: number, model: { id: string } }> }
   };

export type ModelsQueryVariables = Exact<{ [key: string]: never; }>;


export type ModelsQuery = { models: Array<{ id: string, kind: ModelKind, aliases: Array<string>, isDefault: boolean, provider: { name: string, working: boolean, health: { status: HealthStatus } } }> };

export type ProvidersQueryVariables = Exact<{ [key: string]: never; }>;


export type ProvidersQuery = { providers: Array<{ id: string, defaultModel: { id: string, capabilities: { options: Array<ChatOption> | null } } | null, models: Array<{ id: string, capabilities: { options: Array<ChatOption> | null } }> }> };

export type ChatModelFragment = { id: string, capabilities: { options: Array<ChatOption> | null } };

export type CompleteChatMutationVariables = Exact<{
  input: ChatInput;
}>;


export type CompleteChatMutation = { completeChat:
    | { __typename: 'ChatAnswer' }
    | { __typename: 'ChatFailed', code: FailureCode, message: string }
   };

export class TypedDocumentString<TResult, TVariables>
  extends String
  implements DocumentTypeDecoration<TResult, TVariables>
{
  __apiType?: NonNullable<DocumentTypeDecoration<TResult, TVariables>['__apiType']>;
  private value: string;
  public __meta__?: Record<string, any> | undefined;

  constructor(value: string, __meta__?: Record<string, any> | undefined) {
    super(value);
    this.value = value;
    this.__meta__ = __meta__;
  }

  override toString(): string & DocumentTypeDecoration<TResult, TVariables> {
    return this.value;
  }
}
export const AttemptFragmentDoc = new TypedDocumentString(`
    fragment Attempt on Attempt {
  model {
    id
  }
  code
  message
  durationMs
}
    `, {"fragmentName":"Attempt"}) as unknown as TypedDocumentString<AttemptFragment, unknown>;
export const PictureFragmentDoc = new TypedDocumentString(`
    fragment Picture on Image {
  url
  alt
  mediaType
  dataUri
}
    `, {"fragmentName":"Picture"}) as unknown as TypedDocumentString<PictureFragment, unknown>;
export const ChatModelFragmentDoc = new TypedDocumentString(`
    fragment ChatModel on Model {
  id
  capabilities {
    options
  }
}
    `, {"fragmentName":"ChatModel"}) as unknown as TypedDocumentString<ChatModelFragment, unknown>;
export const ChatDocument = new TypedDocumentString(`
    subscription Chat($input: ChatInput!, $after: Int) {
  chat(input: $input, after: $after) {
    __typename
    ... on SequencedEvent {
      seq
    }
    ... on ChatStarted {
      id
      model {
        id
      }
      attempts {
        ...Attempt
      }
    }
    ... on ChatDelta {
      text
      offset
    }
    ... on ChatReasoningDelta {
      text
      offset
    }
    ... on ChatToolCallDelta {
      index
      callId
      name
      text
      offset
    }
    ... on ChatToolCall {
      index
      callId
      name
      arguments
      argumentsText
    }
    ... on ChatSource {
      url
      title
    }
    ... on ChatImage {
      image {
        ...Picture
      }
    }
    ... on ChatFinished {
      finishReason
      rawFinishReason
      length
      usage {
        promptTokens
        cachedPromptTokens
        cacheWriteTokens
        completionTokens
        reasoningTokens
        totalTokens
      }
      firstTokenMs
      durationMs
      continuation
      object
      objectProblems
    }
    ... on ChatFailed {
      code
      message
      retryable
      attempts {
        ...Attempt
      }
    }
  }
}
    fragment Attempt on Attempt {
  model {
    id
  }
  code
  message
  durationMs
}
fragment Picture on Image {
  url
  alt
  mediaType
  dataUri
}`) as unknown as TypedDocumentString<ChatSubscription, ChatSubscriptionVariables>;
export const GenerateImageDocument = new TypedDocumentString(`
    mutation GenerateImage($input: GenerateImageInput!) {
  generateImage(input: $input) {
    __typename
    ... on GeneratedImages {
      images {
        ...Picture
      }
      model {
        id
      }
    }
    ... on ImageFailed {
      code
      message
      retryable
      attempts {
        ...Attempt
      }
    }
  }
}
    fragment Attempt on Attempt {
  model {
    id
  }
  code
  message
  durationMs
}
fragment Picture on Image {
  url
  alt
  mediaType
  dataUri
}`) as unknown as TypedDocumentString<GenerateImageMutation, GenerateImageMutationVariables>;
export const ModelsDocument = new TypedDocumentString(`
    query Models {
  models {
    id
    kind
    aliases
    isDefault
    provider {
      name
      working
      health {
        status
      }
    }
  }
}
    `) as unknown as TypedDocumentString<ModelsQuery, ModelsQueryVariables>;
export const ProvidersDocument = new TypedDocumentString(`
    query Providers {
  providers {
    id
    defaultModel {
      ...ChatModel
    }
    models(kind: CHAT) {
      ...ChatModel
    }
  }
}
    fragment ChatModel on Model {
  id
  capabilities {
    options
  }
}`) as unknown as TypedDocumentString<ProvidersQuery, ProvidersQueryVariables>;
export const CompleteChatDocument = new TypedDocumentString(`
    mutation CompleteChat($input: ChatInput!) {
  completeChat(input: $input) {
    __typename
    ... on ChatFailed {
      code
      message
    }
  }
}
    `) as unknown as TypedDocumentString<CompleteChatMutation, CompleteChatMutationVariables>;