/* eslint-disable */
import * as types from './graphql.ts';
import type { TypedDocumentNode as DocumentNode } from '@graphql-typed-document-node/core';

/**
 * Map of all GraphQL operations in the project.
 *
 * This map has several performance disadvantages:
 * 1. It is not tree-shakeable, so it will include all operations in the project.
 * 2. It is not minifiable, so the string of a GraphQL query will be multiple times inside the bundle.
 * 3. It does not support dead code elimination, so it will add unused operations.
 *
 * Therefore it is highly recommended to use the babel or swc plugin for production.
 * Learn more about it here: https://the-guild.dev/graphql/codegen/plugins/presets/preset-client#reducing-bundle-size
 */
type Documents = {
    "\n  query Models {\n    models {\n      id\n      kind\n    }\n  }\n": typeof types.ModelsDocument,
    "\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent { seq }\n      ... on ChatStarted { model { id } }\n      ... on ChatDelta { text }\n      ... on ChatFinished { finishReason }\n      ... on ChatFailed { code message }\n    }\n  }\n": typeof types.ChatDocument,
    "\n  subscription ChatWithTools($input: ChatInput!) {\n    chat(input: $input) {\n      __typename\n      ... on ChatDelta { text }\n      ... on ChatToolCallDelta { index name text }\n      ... on ChatToolCall { callId name arguments argumentsText }\n      ... on ChatFinished { continuation }\n      ... on ChatFailed { code message }\n    }\n  }\n": typeof types.ChatWithToolsDocument,
    "\n  mutation Draw($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages { images { url } }\n      ... on ImageFailed { code message }\n    }\n  }\n": typeof types.DrawDocument,
};
const documents: Documents = {
    "\n  query Models {\n    models {\n      id\n      kind\n    }\n  }\n": types.ModelsDocument,
    "\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent { seq }\n      ... on ChatStarted { model { id } }\n      ... on ChatDelta { text }\n      ... on ChatFinished { finishReason }\n      ... on ChatFailed { code message }\n    }\n  }\n": types.ChatDocument,
    "\n  subscription ChatWithTools($input: ChatInput!) {\n    chat(input: $input) {\n      __typename\n      ... on ChatDelta { text }\n      ... on ChatToolCallDelta { index name text }\n      ... on ChatToolCall { callId name arguments argumentsText }\n      ... on ChatFinished { continuation }\n      ... on ChatFailed { code message }\n    }\n  }\n": types.ChatWithToolsDocument,
    "\n  mutation Draw($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages { images { url } }\n      ... on ImageFailed { code message }\n    }\n  }\n": types.DrawDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 *
 *
 * @example
 * ```ts
 * const query = graphql(`query GetUser($id: ID!) { user(id: $id) { name } }`);
 * ```
 *
 * The query argument is unknown!
 * Please regenerate the types.
 */
export function graphql(source: string): unknown;

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Models {\n    models {\n      id\n      kind\n    }\n  }\n"): (typeof documents)["\n  query Models {\n    models {\n      id\n      kind\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent { seq }\n      ... on ChatStarted { model { id } }\n      ... on ChatDelta { text }\n      ... on ChatFinished { finishReason }\n      ... on ChatFailed { code message }\n    }\n  }\n"): (typeof documents)["\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent { seq }\n      ... on ChatStarted { model { id } }\n      ... on ChatDelta { text }\n      ... on ChatFinished { finishReason }\n      ... on ChatFailed { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription ChatWithTools($input: ChatInput!) {\n    chat(input: $input) {\n      __typename\n      ... on ChatDelta { text }\n      ... on ChatToolCallDelta { index name text }\n      ... on ChatToolCall { callId name arguments argumentsText }\n      ... on ChatFinished { continuation }\n      ... on ChatFailed { code message }\n    }\n  }\n"): (typeof documents)["\n  subscription ChatWithTools($input: ChatInput!) {\n    chat(input: $input) {\n      __typename\n      ... on ChatDelta { text }\n      ... on ChatToolCallDelta { index name text }\n      ... on ChatToolCall { callId name arguments argumentsText }\n      ... on ChatFinished { continuation }\n      ... on ChatFailed { code message }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Draw($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages { images { url } }\n      ... on ImageFailed { code message }\n    }\n  }\n"): (typeof documents)["\n  mutation Draw($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages { images { url } }\n      ... on ImageFailed { code message }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;