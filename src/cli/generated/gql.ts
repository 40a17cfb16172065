/* eslint-disable */
import * as types from './graphql.ts';



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
    "\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent {\n        seq\n      }\n      ... on ChatStarted {\n        id\n        model {\n          id\n        }\n        attempts {\n          ...Attempt\n        }\n      }\n      ... on ChatDelta {\n        text\n        offset\n      }\n      ... on ChatReasoningDelta {\n        text\n        offset\n      }\n      ... on ChatToolCallDelta {\n        index\n        callId\n        name\n        text\n        offset\n      }\n      ... on ChatToolCall {\n        index\n        callId\n        name\n        arguments\n        argumentsText\n      }\n      ... on ChatSource {\n        url\n        title\n      }\n      ... on ChatImage {\n        image {\n          ...Picture\n        }\n      }\n      ... on ChatFinished {\n        finishReason\n        rawFinishReason\n        length\n        usage {\n          promptTokens\n          cachedPromptTokens\n          cacheWriteTokens\n          completionTokens\n          reasoningTokens\n          totalTokens\n        }\n        firstTokenMs\n        durationMs\n        continuation\n        object\n        objectProblems\n      }\n      ... on ChatFailed {\n        code\n        message\n        retryable\n        attempts {\n          ...Attempt\n        }\n      }\n    }\n  }\n": typeof types.ChatDocument,
    "\n  fragment Attempt on Attempt {\n    model {\n      id\n    }\n    code\n    message\n    durationMs\n  }\n": typeof types.AttemptFragmentDoc,
    "\n  fragment Picture on Image {\n    url\n    alt\n    mediaType\n    dataUri\n  }\n": typeof types.PictureFragmentDoc,
    "\n  mutation GenerateImage($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages {\n        images {\n          ...Picture\n        }\n        model {\n          id\n        }\n      }\n      ... on ImageFailed {\n        code\n        message\n        retryable\n        attempts {\n          ...Attempt\n        }\n      }\n    }\n  }\n": typeof types.GenerateImageDocument,
    "\n  query Models {\n    models {\n      id\n      kind\n      aliases\n      isDefault\n      provider {\n        name\n        working\n        health {\n          status\n        }\n      }\n    }\n  }\n": typeof types.ModelsDocument,
    "\n  query Providers {\n    providers {\n      id\n      defaultModel {\n        ...ChatModel\n      }\n      models(kind: CHAT) {\n        ...ChatModel\n      }\n    }\n  }\n": typeof types.ProvidersDocument,
    "\n  fragment ChatModel on Model {\n    id\n    capabilities {\n      options\n    }\n  }\n": typeof types.ChatModelFragmentDoc,
    "\n  mutation CompleteChat($input: ChatInput!) {\n    completeChat(input: $input) {\n      __typename\n      ... on ChatFailed {\n        code\n        message\n      }\n    }\n  }\n": typeof types.CompleteChatDocument,
};
const documents: Documents = {
    "\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent {\n        seq\n      }\n      ... on ChatStarted {\n        id\n        model {\n          id\n        }\n        attempts {\n          ...Attempt\n        }\n      }\n      ... on ChatDelta {\n        text\n        offset\n      }\n      ... on ChatReasoningDelta {\n        text\n        offset\n      }\n      ... on ChatToolCallDelta {\n        index\n        callId\n        name\n        text\n        offset\n      }\n      ... on ChatToolCall {\n        index\n        callId\n        name\n        arguments\n        argumentsText\n      }\n      ... on ChatSource {\n        url\n        title\n      }\n      ... on ChatImage {\n        image {\n          ...Picture\n        }\n      }\n      ... on ChatFinished {\n        finishReason\n        rawFinishReason\n        length\n        usage {\n          promptTokens\n          cachedPromptTokens\n          cacheWriteTokens\n          completionTokens\n          reasoningTokens\n          totalTokens\n        }\n        firstTokenMs\n        durationMs\n        continuation\n        object\n        objectProblems\n      }\n      ... on ChatFailed {\n        code\n        message\n        retryable\n        attempts {\n          ...Attempt\n        }\n      }\n    }\n  }\n": types.ChatDocument,
    "\n  fragment Attempt on Attempt {\n    model {\n      id\n    }\n    code\n    message\n    durationMs\n  }\n": types.AttemptFragmentDoc,
    "\n  fragment Picture on Image {\n    url\n    alt\n    mediaType\n    dataUri\n  }\n": types.PictureFragmentDoc,
    "\n  mutation GenerateImage($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages {\n        images {\n          ...Picture\n        }\n        model {\n          id\n        }\n      }\n      ... on ImageFailed {\n        code\n        message\n        retryable\n        attempts {\n          ...Attempt\n        }\n      }\n    }\n  }\n": types.GenerateImageDocument,
    "\n  query Models {\n    models {\n      id\n      kind\n      aliases\n      isDefault\n      provider {\n        name\n        working\n        health {\n          status\n        }\n      }\n    }\n  }\n": types.ModelsDocument,
    "\n  query Providers {\n    providers {\n      id\n      defaultModel {\n        ...ChatModel\n      }\n      models(kind: CHAT) {\n        ...ChatModel\n      }\n    }\n  }\n": types.ProvidersDocument,
    "\n  fragment ChatModel on Model {\n    id\n    capabilities {\n      options\n    }\n  }\n": types.ChatModelFragmentDoc,
    "\n  mutation CompleteChat($input: ChatInput!) {\n    completeChat(input: $input) {\n      __typename\n      ... on ChatFailed {\n        code\n        message\n      }\n    }\n  }\n": types.CompleteChatDocument,
};

/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  subscription Chat($input: ChatInput!, $after: Int) {\n    chat(input: $input, after: $after) {\n      __typename\n      ... on SequencedEvent {\n        seq\n      }\n      ... on ChatStarted {\n        id\n        model {\n          id\n        }\n        attempts {\n          ...Attempt\n        }\n      }\n      ... on ChatDelta {\n        text\n        offset\n      }\n      ... on ChatReasoningDelta {\n        text\n        offset\n      }\n      ... on ChatToolCallDelta {\n        index\n        callId\n        name\n        text\n        offset\n      }\n      ... on ChatToolCall {\n        index\n        callId\n        name\n        arguments\n        argumentsText\n      }\n      ... on ChatSource {\n        url\n        title\n      }\n      ... on ChatImage {\n        image {\n          ...Picture\n        }\n      }\n      ... on ChatFinished {\n        finishReason\n        rawFinishReason\n        length\n        usage {\n          promptTokens\n          cachedPromptTokens\n          cacheWriteTokens\n          completionTokens\n          reasoningTokens\n          totalTokens\n        }\n        firstTokenMs\n        durationMs\n        continuation\n        object\n        objectProblems\n      }\n      ... on ChatFailed {\n        code\n        message\n        retryable\n        attempts {\n          ...Attempt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ChatDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Attempt on Attempt {\n    model {\n      id\n    }\n    code\n    message\n    durationMs\n  }\n"): typeof import('./graphql.ts').AttemptFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment Picture on Image {\n    url\n    alt\n    mediaType\n    dataUri\n  }\n"): typeof import('./graphql.ts').PictureFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation GenerateImage($input: GenerateImageInput!) {\n    generateImage(input: $input) {\n      __typename\n      ... on GeneratedImages {\n        images {\n          ...Picture\n        }\n        model {\n          id\n        }\n      }\n      ... on ImageFailed {\n        code\n        message\n        retryable\n        attempts {\n          ...Attempt\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').GenerateImageDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Models {\n    models {\n      id\n      kind\n      aliases\n      isDefault\n      provider {\n        name\n        working\n        health {\n          status\n        }\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ModelsDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  query Providers {\n    providers {\n      id\n      defaultModel {\n        ...ChatModel\n      }\n      models(kind: CHAT) {\n        ...ChatModel\n      }\n    }\n  }\n"): typeof import('./graphql.ts').ProvidersDocument;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  fragment ChatModel on Model {\n    id\n    capabilities {\n      options\n    }\n  }\n"): typeof import('./graphql.ts').ChatModelFragmentDoc;
/**
 * The graphql function is used to parse GraphQL queries into a document that can be used by GraphQL clients.
 */
export function graphql(source: "\n  mutation CompleteChat($input: ChatInput!) {\n    completeChat(input: $input) {\n      __typename\n      ... on ChatFailed {\n        code\n        message\n      }\n    }\n  }\n"): typeof import('./graphql.ts').CompleteChatDocument;


export function graphql(source: string) {
  return (documents as any)[source] ?? {};
}
