import { createClient } from 'graphql-ws';
import type { Request } from './clients.ts';

/** Starts an operation whose results do not matter, and returns how its client leaves. */
export type Start = (server: { readonly url: string; readonly webSocketUrl: string }, request: Request) => () => void;

export const overHttp =
  (accept: string): Start =>
  ({ url }, request) => {
    const controller = new AbortController();
    const headers = { 'content-type': 'application/json', accept };
    fetch(url, { method: 'POST', headers, body: JSON.stringify(request), signal: controller.signal })
      .then((response) => response.text())
      .catch(() => {}); // It is the client that leaves.
    return () => controller.abort();
  };

export const leftOverWebSocket =
  (leave: 'complete' | 'close'): Start =>
  ({ webSocketUrl }, request) => {
    const client = createClient({ url: webSocketUrl, retryAttempts: 0 });
    const unsubscribe = client.subscribe({ ...request }, { next() {}, error() {}, complete() {} });
    return () => (leave === 'complete' ? unsubscribe() : client.terminate());
  };

const input = { messages: [{ role: 'USER', content: 'hello' }] };

export const chat = (provider: string): Request => ({
  query: `subscription ($input: ChatInput!) {
    chat(input: $input) { __typename ... on ChatDelta { text } ... on ChatFailed { code } }
  }`,
  variables: { input: { ...input, provider } },
});

export const completeChat = (provider: string): Request => ({
  query: 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename } }',
  variables: { input: { ...input, provider } },
});

export const generateImage = (provider: string): Request => ({
  query: 'mutation ($input: GenerateImageInput!) { generateImage(input: $input) { __typename } }',
  variables: { input: { prompt: 'a cat', provider, count: 2 } },
});
