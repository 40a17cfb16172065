import { graphql } from '../gql/index.ts';

// Everything that the page asks the server for.

graphql(`
  fragment ModelName on Model {
    id
    name
    provider {
      id
      name
    }
  }
`);

graphql(`
  fragment TryParts on Attempt {
    model {
      ...ModelName
    }
    code
    message
    durationMs
    retryAfterMs
  }
`);

graphql(`
  fragment PictureParts on Image {
    url
    alt
    mediaType
    dataUri
  }
`);

graphql(`
  fragment HealthParts on ProviderHealth {
    status
    lastFailure
    lastFailureAt
    retryAt
    firstPartP50Ms
  }
`);

export const ModelsQuery = graphql(`
  query Models {
    models {
      id
      name
      kind
      aliases
      isDefault
      capabilities {
        options
        inputs
        tools
        structuredOutput
        reasoning
      }
      provider {
        id
      }
    }
    providers {
      id
      name
      working
      modelsProblem
      health {
        ...HealthParts
      }
    }
  }
`);

export const HealthSubscription = graphql(`
  subscription Health {
    providerHealth {
      id
      health {
        ...HealthParts
      }
    }
  }
`);

export const ChatSubscription = graphql(`
  subscription Chat($input: ChatInput!, $after: Int) {
    chat(input: $input, after: $after) {
      __typename
      ... on SequencedEvent {
        seq
      }
      ... on ChatStarted {
        model {
          ...ModelName
        }
        attempts {
          ...TryParts
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
      ... on ChatImage {
        image {
          ...PictureParts
        }
      }
      ... on ChatSource {
        url
        title
      }
      ... on ChatFinished {
        finishReason
        rawFinishReason
        length
        usage {
          promptTokens
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
        retryAfterMs
        attempts {
          ...TryParts
        }
      }
    }
  }
`);

export const PictureMutation = graphql(`
  mutation Pictures($input: GenerateImageInput!) {
    generateImage(input: $input) {
      __typename
      ... on GeneratedImages {
        model {
          ...ModelName
        }
        images {
          ...PictureParts
        }
      }
      ... on ImageFailed {
        code
        message
        retryable
        retryAfterMs
        attempts {
          ...TryParts
        }
      }
    }
  }
`);
