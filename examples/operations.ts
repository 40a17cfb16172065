import { graphql } from './generated/gql.ts';

export const Models = graphql(`
  query Models {
    models {
      id
      kind
    }
  }
`);

export const Chat = graphql(`
  subscription Chat($input: ChatInput!, $after: Int) {
    chat(input: $input, after: $after) {
      __typename
      ... on SequencedEvent { seq }
      ... on ChatStarted { model { id } }
      ... on ChatDelta { text }
      ... on ChatFinished { finishReason }
      ... on ChatFailed { code message }
    }
  }
`);

export const ChatWithTools = graphql(`
  subscription ChatWithTools($input: ChatInput!) {
    chat(input: $input) {
      __typename
      ... on ChatDelta { text }
      ... on ChatToolCallDelta { index name text }
      ... on ChatToolCall { callId name arguments argumentsText }
      ... on ChatFinished { continuation }
      ... on ChatFailed { code message }
    }
  }
`);

export const Draw = graphql(`
  mutation Draw($input: GenerateImageInput!) {
    generateImage(input: $input) {
      __typename
      ... on GeneratedImages { images { url } }
      ... on ImageFailed { code message }
    }
  }
`);
