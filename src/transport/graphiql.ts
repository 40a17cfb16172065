import type { GraphiQLOptions } from 'graphql-yoga';

const CHAT = `# A chat, streamed over WebSocket. Press the play button.
subscription Chat {
  chat(input: { messages: [{ role: USER, content: "I am a little tired of request and response." }] }) {
    __typename
    ... on ChatStarted { model { id } }
    ... on ChatDelta { text }
    ... on ChatFinished { finishReason length firstTokenMs durationMs }
    ... on ChatFailed { code message }
  }
}
`;

const IMAGE = `# A picture: open the url in a new tab to see it.
mutation Picture {
  generateImage(input: { prompt: "a quiet harbour at dawn", aspectRatio: "16:9" }) {
    __typename
    ... on GeneratedImages { model { id } images { url alt mediaType } }
    ... on ImageFailed { code message }
  }
}
`;

const MODELS = `# What there is to ask.
query Models {
  providers { id name working health { status lastFailure } }
  models { id kind isDefault }
}
`;

export const graphiql: GraphiQLOptions = {
  title: 'modelql',
  subscriptionsProtocol: 'WS',
  defaultTabs: [{ query: CHAT }, { query: IMAGE }, { query: MODELS }],
};

let page: Promise<string> | undefined;

/** The whole of GraphiQL in one page, nothing of it from elsewhere. It is 9 MB, so it is loaded when first asked for. */
export function renderGraphiQL(options: GraphiQLOptions): Promise<string> {
  page ??= import('@graphql-yoga/render-graphiql').then((bundle) => bundle.renderGraphiQL(options));
  return page;
}
