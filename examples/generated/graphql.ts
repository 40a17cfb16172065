/* eslint-disable */
/** Internal type. DO NOT USE DIRECTLY. */
type Exact<T extends { [key: string]: unknown }> = { [K in keyof T]: T[K] };
/** Internal type. DO NOT USE DIRECTLY. */
export type Incremental<T> = T | { [P in keyof T]?: P extends ' $fragmentName' | '__typename' ? T[P] : never };
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';
/** A conversation to be continued, and by whom. */
export type ChatInput = {
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
  /** A `Provider.id`: only its models. */
  provider?: string | null | undefined;
  /** The same seed gives, as far as the model can, the same answer. */
  seed?: number | null | undefined;
  /** The answer ends before any of these texts. */
  stop?: Array<string> | null | undefined;
  /** How freely words are chosen: 0 hardly, 1 as trained. What is allowed is up to the model. */
  temperature?: number | null | undefined;
  /** Only the likeliest words that have this probability together, 0 to 1. */
  topP?: number | null | undefined;
};

/** One message of a conversation. */
export type ChatMessageInput = {
  /** What is said. */
  content: string;
  /** Who says it. */
  role: ChatRole;
};

/** Who says a message. */
export type ChatRole =
  /** The model: an earlier answer. */
  | 'ASSISTANT'
  /** The instructions that stand above the conversation. */
  | 'SYSTEM'
  /** The person. */
  | 'USER';

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

/** What a model answers with. */
export type ModelKind =
  /** Text, and with some models pictures. */
  | 'CHAT'
  /** Pictures only. In a chat it answers with a `ChatImage`. */
  | 'IMAGE';

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
    | { __typename: 'ChatStarted', seq: number, model: { id: string } }
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
export const DrawDocument = {"kind":"Document","definitions":[{"kind":"OperationDefinition","operation":"mutation","name":{"kind":"Name","value":"Draw"},"variableDefinitions":[{"kind":"VariableDefinition","variable":{"kind":"Variable","name":{"kind":"Name","value":"input"}},"type":{"kind":"NonNullType","type":{"kind":"NamedType","name":{"kind":"Name","value":"GenerateImageInput"}}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"generateImage"},"arguments":[{"kind":"Argument","name":{"kind":"Name","value":"input"},"value":{"kind":"Variable","name":{"kind":"Name","value":"input"}}}],"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"__typename"}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"GeneratedImages"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"images"},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"url"}}]}}]}},{"kind":"InlineFragment","typeCondition":{"kind":"NamedType","name":{"kind":"Name","value":"ImageFailed"}},"selectionSet":{"kind":"SelectionSet","selections":[{"kind":"Field","name":{"kind":"Name","value":"code"}},{"kind":"Field","name":{"kind":"Name","value":"message"}}]}}]}}]}}]} as unknown as DocumentNode<DrawMutation, DrawMutationVariables>;