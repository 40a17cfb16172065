import { graphql } from 'relay-runtime';

// What relay-compiler reads. In an application these stand where they are used, and babel-plugin-relay puts what was
// generated in their place; Node runs no such plugin, so that relay.ts imports it.
export const operations = () => [
  graphql`
    query relayOperationsModelsQuery {
      models {
        id
        kind
      }
    }
  `,
  graphql`
    subscription relayOperationsChatSubscription($input: ChatInput!) {
      chat(input: $input) {
        __typename
        ... on ChatStarted {
          seq
        }
        ... on ChatDelta {
          text
        }
        ... on ChatFailed {
          code
          message
        }
      }
    }
  `,
  graphql`
    mutation relayOperationsDrawMutation($input: GenerateImageInput!) {
      generateImage(input: $input) {
        __typename
        ... on GeneratedImages {
          images {
            url
          }
        }
        ... on ImageFailed {
          code
          message
        }
      }
    }
  `,
];
