import { graphql } from './generated/gql.ts';

/** Everything that happens in a chat, for a reader that may come back. */
export const Chat = graphql(`
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
`);

export const Attempt = graphql(`
  fragment Attempt on Attempt {
    model {
      id
    }
    code
    message
    durationMs
  }
`);

export const Picture = graphql(`
  fragment Picture on Image {
    url
    alt
    mediaType
    dataUri
  }
`);

export const GenerateImage = graphql(`
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
`);

export const Models = graphql(`
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
`);

/** What to ask each provider for, to see whether it answers. */
export const Providers = graphql(`
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
`);

export const ChatModel = graphql(`
  fragment ChatModel on Model {
    id
    capabilities {
      options
    }
  }
`);

export const CompleteChat = graphql(`
  mutation CompleteChat($input: ChatInput!) {
    completeChat(input: $input) {
      __typename
      ... on ChatFailed {
        code
        message
      }
    }
  }
`);
