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
    "\n  fragment ModelName on Model {\n    id\n    name\n    provider {\n      id\n      name\n    }\n  }\n": typeof types.ModelNameFragmentDoc,
    "\n  fragment TryParts on Attempt {\n    model {\n      ...ModelName\n    }\n    code\n    message\n    durationMs\n    retryAfterMs\n  }\n": typeof types.TryPartsFragmentDoc,
    "\n  fragment PictureParts on Image {\n    url\n    alt\n    mediaType\n    dataUri\n  }\n": typeof types.PicturePartsFragmentDoc,
    "\n  fragment HealthParts on ProviderHealth {\n    status\n    lastFailure\n    lastFailureAt\n    retryAt\n    firstPartP50Ms\n  }\n": typeof types.HealthPartsFragmentDoc,
    "\n  query Models {\n    models {\n      id\n      name\n      kind\n      aliases\n      isDefault\n      capabilities {\n        options\n        inputs\n        tools\n        structuredOutput\n        reasoning\n      }\n      provider {\n        id\n      }\n    }\n    providers {\n      id\n      name\n      working\n      modelsProblem\n      health {\n        ...HealthParts\n      }\n    }\n  }\n": typeof types.ModelsDocument,
    "\n  subscription Health {\n    providerHealth {\n      id\n      health {\n        ...HealthParts\n      }\n    }\n  }\n": typeof types.HealthDocument,
    "\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent {\n        seq\n      }\n      ... on ChatStarted {\n        model {\n          ...ModelName\n        }\n        attempts {\n          ...TryParts\n        }\n      }\n      ... on ChatDelta {\n        text\n        offset\n      }\n      ... on ChatReasoningDelta {\n        text\n        offset\n      }\n      ... on ChatToolCallDelta {\n        index\n        callId\n        name\n        text\n        offset\n      }\n      ... on ChatToolCall {\n        index\n        callId\n        name\n        arguments\n        argumentsText\n      }\n      ... on ChatImage {\n        image {\n          ...PictureParts\n        }\n      }\n      ... on ChatSource {\n        url\n        title\n      }\n      ... on ChatFinished {\n        finishReason\n        rawFinishReason\n        length\n        usage {\n          promptTokens\n          completionTokens\n          reasoningTokens\n          totalTokens\n        }\n        firstTokenMs\n        durationMs\n        continuation\n        object\n        objectProblems\n      }\n      ... on ChatFailed {\n        code\n        message\n        retryable\n        retryAfterMs\n        attempts {\n          ...TryParts\n        }\n      }\n    }\n  }\n": typeof types.ChatDocument,
    "\n  mutation Pictures($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages {\n        model {\n          ...ModelName\n        }\n        images {\n          ...PictureParts\n        }\n      }\n      ... on ImageFailed {\n        code\n        message\n        retryable\n        retryAfterMs\n        attempts {\n          ...TryParts\n        }\n      }\n    }\n  }\n": typeof types.PicturesDocument,
};
const documents: Documents = {
    "\n  fragment ModelName on Model {\n    id\n    name\n    provider {\n      id\n      name\n    }\n  }\n": types.ModelNameFragmentDoc,
    "\n  fragment TryParts on Attempt {\n    model {\n      ...ModelName\n    }\n    code\n    message\n    durationMs\n    retryAfterMs\n  }\n": types.TryPartsFragmentDoc,
    "\n  fragment PictureParts on Image {\n    url\n    alt\n    mediaType\n    dataUri\n  }\n": types.PicturePartsFragmentDoc,
    "\n  fragment HealthParts on ProviderHealth {\n    status\n    lastFailure\n    lastFailureAt\n    retryAt\n    firstPartP50Ms\n  }\n": types.HealthPartsFragmentDoc,
    "\n  query Models {\n    models {\n      id\n      name\n      kind\n      aliases\n      isDefault\n      capabilities {\n        options\n        inputs\n        tools\n        structuredOutput\n        reasoning\n      }\n      provider {\n        id\n      }\n    }\n    providers {\n      id\n      name\n      working\n      modelsProblem\n      health {\n        ...HealthParts\n      }\n    }\n  }\n": types.ModelsDocument,
    "\n  subscription Health {\n    providerHealth {\n      id\n      health {\n        ...HealthParts\n      }\n    }\n  }\n": types.HealthDocument,
    "\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent {\n        seq\n      }\n      ... on ChatStarted {\n        model {\n          ...ModelName\n        }\n        attempts {\n          ...TryParts\n        }\n      }\n      ... on ChatDelta {\n        text\n        offset\n      }\n      ... on ChatReasoningDelta {\n        text\n        offset\n      }\n      ... on ChatToolCallDelta {\n        index\n        callId\n        name\n        text\n        offset\n      }\n      ... on ChatToolCall {\n        index\n        callId\n        name\n        arguments\n        argumentsText\n      }\n      ... on ChatImage {\n        image {\n          ...PictureParts\n        }\n      }\n      ... on ChatSource {\n        url\n        title\n      }\n      ... on ChatFinished {\n        finishReason\n        rawFinishReason\n        length\n        usage {\n          promptTokens\n          completionTokens\n          reasoningTokens\n          totalTokens\n        }\n        firstTokenMs\n        durationMs\n        continuation\n        object\n        objectProblems\n      }\n      ... on ChatFailed {\n        code\n        message\n        retryable\n        retryAfterMs\n        attempts {\n          ...TryParts\n        }\n      }\n    }\n  }\n": types.ChatDocument,
    "\n  mutation Pictures($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages {\n        model {\n          ...ModelName\n        }\n        images {\n          ...PictureParts\n        }\n      }\n      ... on ImageFailed {\n        code\n        message\n        retryable\n        retryAfterMs\n        attempts {\n          ...TryParts\n        }\n      }\n    }\n  }\n": types.PicturesDocument,
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
export function graphql(source: "\n  fragment ModelName on Model {\n    id\n    name\n    provider {\n      id\n      name\n    }\n  }\n"): (typeof documents)["\n  fragment ModelName on Model {\n    id\n    name\n    provider {\n      id\n      name\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment TryParts on Attempt {\n    model {\n      ...ModelName\n    }\n    code\n    message\n    durationMs\n    retryAfterMs\n  }\n"): (typeof documents)["\n  fragment TryParts on Attempt {\n    model {\n      ...ModelName\n    }\n    code\n    message\n    durationMs\n    retryAfterMs\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment PictureParts on Image {\n    url\n    alt\n    mediaType\n    dataUri\n  }\n"): (typeof documents)["\n  fragment PictureParts on Image {\n    url\n    alt\n    mediaType\n    dataUri\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment HealthParts on ProviderHealth {\n    status\n    lastFailure\n    lastFailureAt\n    retryAt\n    firstPartP50Ms\n  }\n"): (typeof documents)["\n  fragment HealthParts on ProviderHealth {\n    status\n    lastFailure\n    lastFailureAt\n    retryAt\n    firstPartP50Ms\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Models {\n    models {\n      id\n      name\n      kind\n      aliases\n      isDefault\n      capabilities {\n        options\n        inputs\n        tools\n        structuredOutput\n        reasoning\n      }\n      provider {\n        id\n      }\n    }\n    providers {\n      id\n      name\n      working\n      modelsProblem\n      health {\n        ...HealthParts\n      }\n    }\n  }\n"): (typeof documents)["\n  query Models {\n    models {\n      id\n      name\n      kind\n      aliases\n      isDefault\n      capabilities {\n        options\n        inputs\n        tools\n        structuredOutput\n        reasoning\n      }\n      provider {\n        id\n      }\n    }\n    providers {\n      id\n      name\n      working\n      modelsProblem\n      health {\n        ...HealthParts\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Health {\n    providerHealth {\n      id\n      health {\n        ...HealthParts\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription Health {\n    providerHealth {\n      id\n      health {\n        ...HealthParts\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent {\n        seq\n      }\n      ... on ChatStarted {\n        model {\n          ...ModelName\n        }\n        attempts {\n          ...TryParts\n        }\n      }\n      ... on ChatDelta {\n        text\n        offset\n      }\n      ... on ChatReasoningDelta {\n        text\n        offset\n      }\n      ... on ChatToolCallDelta {\n        index\n        callId\n        name\n        text\n        offset\n      }\n      ... on ChatToolCall {\n        index\n        callId\n        name\n        arguments\n        argumentsText\n      }\n      ... on ChatImage {\n        image {\n          ...PictureParts\n        }\n      }\n      ... on ChatSource {\n        url\n        title\n      }\n      ... on ChatFinished {\n        finishReason\n        rawFinishReason\n        length\n        usage {\n          promptTokens\n          completionTokens\n          reasoningTokens\n          totalTokens\n        }\n        firstTokenMs\n        durationMs\n        continuation\n        object\n        objectProblems\n      }\n      ... on ChatFailed {\n        code\n        message\n        retryable\n        retryAfterMs\n        attempts {\n          ...TryParts\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent {\n        seq\n      }\n      ... on ChatStarted {\n        model {\n          ...ModelName\n        }\n        attempts {\n          ...TryParts\n        }\n      }\n      ... on ChatDelta {\n        text\n        offset\n      }\n      ... on ChatReasoningDelta {\n        text\n        offset\n      }\n      ... on ChatToolCallDelta {\n        index\n        callId\n        name\n        text\n        offset\n      }\n      ... on ChatToolCall {\n        index\n        callId\n        name\n        arguments\n        argumentsText\n      }\n      ... on ChatImage {\n        image {\n          ...PictureParts\n        }\n      }\n      ... on ChatSource {\n        url\n        title\n      }\n      ... on ChatFinished {\n        finishReason\n        rawFinishReason\n        length\n        usage {\n          promptTokens\n          completionTokens\n          reasoningTokens\n          totalTokens\n        }\n        firstTokenMs\n        durationMs\n        continuation\n        object\n        objectProblems\n      }\n      ... on ChatFailed {\n        code\n        message\n        retryable\n        retryAfterMs\n        attempts {\n          ...TryParts\n        }\n      }\n    }\n  }\n"];
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation Pictures($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages {\n        model {\n          ...ModelName\n        }\n        images {\n          ...PictureParts\n        }\n      }\n      ... on ImageFailed {\n        code\n        message\n        retryable\n        retryAfterMs\n        attempts {\n          ...TryParts\n        }\n      }\n    }\n  }\n"): (typeof documents)["\n  mutation Pictures($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages {\n        model {\n          ...ModelName\n        }\n        images {\n          ...PictureParts\n        }\n      }\n      ... on ImageFailed {\n        code\n        message\n        retryable\n        retryAfterMs\n        attempts {\n          ...TryParts\n        }\n      }\n    }\n  }\n"];

export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}

export type DocumentType<TDocumentNode extends DocumentNode<any, any>> = TDocumentNode extends DocumentNode<  infer TType,  any>  ? TType  : never;