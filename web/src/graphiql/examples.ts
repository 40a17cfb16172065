const CHAT = `# A chat, streamed. Press the play button:
# each event replaces the last.
subscription Chat {
  chat(
    input: {
      messages: [
        {
          role: USER
          content: "I am tired of request and response."
        }
      ]
    }
  ) {
    __typename
    ... on ChatStarted { model { id } }
    ... on ChatDelta { text }
    ... on ChatFinished {
      finishReason
      length
      firstTokenMs
      durationMs
    }
    ... on ChatFailed { code message }
  }
}
`;

const IMAGE = `# A picture: open the url in a new tab to see it.
mutation Picture {
  generateImage(
    input: {
      prompt: "a quiet harbour at dawn"
      aspectRatio: "16:9"
    }
  ) {
    __typename
    ... on GeneratedImages {
      model { id }
      images { alt mediaType url }
    }
    ... on ImageFailed { code message }
  }
}
`;

const MODELS = `# What there is to ask.
query Models {
  providers {
    id
    name
    working
    health { status lastFailure }
  }
  models { id kind isDefault }
}
`;

/** What the tabs hold when GraphiQL is first opened. */
export const EXAMPLES = [CHAT, IMAGE, MODELS];
