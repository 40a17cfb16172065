import type { GraphiQLOptions } from 'graphql-yoga';

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

/**
 * GraphiQL shows its Headers editor to HTTP only, never to a WebSocket: where keys are needed, it streams by
 * server-sent events.
 */
export function graphiqlOptions({ needsKey }: { readonly needsKey: boolean }): GraphiQLOptions {
  const headers = needsKey ? '{ "authorization": "Bearer KEY" }' : null;
  return {
    title: 'modelql',
    subscriptionsProtocol: needsKey ? 'SSE' : 'WS',
    ...(headers === null ? {} : { defaultHeaders: headers }),
    defaultTabs: [CHAT, IMAGE, MODELS].map((query) => ({ query, headers })),
  };
}

// Between two clicks GraphiQL's tabs are held in place by this rule; without its exception they are during one, too.
// With it a tab jumps away under the pointer, and the first click on it is lost.
const TAB_RULE = '.graphiql-tab:not(:focus-within){transform:none!important}';

/** The whole of GraphiQL in one page, nothing of it from elsewhere. It is 9 MB, so it is loaded when first asked for. */
export function createGraphiQL(): (options: GraphiQLOptions) => Promise<string> {
  let page: Promise<string> | undefined;
  return (options) => {
    page ??= import('@graphql-yoga/render-graphiql').then(({ renderGraphiQL }) =>
      renderGraphiQL(options).replace(TAB_RULE, '.graphiql-tab{transform:none!important}'),
    );
    return page;
  };
}
