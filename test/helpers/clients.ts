import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { createClient } from 'graphql-ws';
import type { TestServer } from './server.ts';

export interface Request {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  readonly operationName?: string;
}

export type Result = Partial<FormattedExecutionResult<Record<string, unknown>>>;

/** One operation over one transport, with all its results. */
export type Run = (
  server: TestServer,
  request: Request,
  headers?: Record<string, string>,
) => Promise<readonly Result[]>;

export const overPost: Run = async ({ url }, request, headers = {}) => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json', ...headers },
    body: JSON.stringify(request),
  });
  return [(await response.json()) as Result];
};

export const overSse: Run = async (server, request, headers) => {
  const results: Result[] = [];
  for await (const result of readSse(server, request, { headers })) results.push(result);
  return results;
};

/** The results of one operation over server-sent events, as they arrive. */
export async function* readSse(
  { url }: Pick<TestServer, 'url'>,
  request: Request,
  { headers = {}, signal }: { headers?: Record<string, string> | undefined; signal?: AbortSignal } = {},
): AsyncGenerator<Result> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', ...headers },
    body: JSON.stringify(request),
    signal: signal ?? null,
  });
  if (!response.body) throw new Error(`expected a stream, got status ${response.status}`);
  yield* readEvents(response.body.pipeThrough(new TextDecoderStream()));
}

/** The results in a stream of server-sent events, cut anywhere. */
export async function* readEvents(chunks: AsyncIterable<string>): AsyncGenerator<Result> {
  let rest = '';
  for await (const chunk of chunks) {
    const events = (rest + chunk).split('\n\n');
    rest = events.pop() ?? '';
    for (const event of events) {
      const data = /^event: next\ndata: (.*)$/s.exec(event)?.[1];
      if (data !== undefined) yield JSON.parse(data) as Result;
    }
  }
}

export const overWebSocket: Run = async ({ webSocketUrl }, request, headers) => {
  const client = createClient({
    url: webSocketUrl,
    retryAttempts: 0,
    ...(headers ? { connectionParams: headers } : {}),
  });
  const results: Result[] = [];
  try {
    for await (const result of client.iterate<Record<string, unknown>>(request)) results.push(result as Result);
  } catch (error) {
    if (!Array.isArray(error)) throw error;
    results.push({ errors: error as GraphQLFormattedError[] });
  } finally {
    await client.dispose();
  }
  return results;
};

export const transports: readonly (readonly [string, Run])[] = [
  ['POST', overPost],
  ['SSE', overSse],
  ['WebSocket', overWebSocket],
];

/** The results with nothing of which request they are: the same request has another id each time. */
export function withoutRequestIds(results: readonly Result[]): readonly Result[] {
  return results.map((result) => {
    const errors = result.errors?.map(({ extensions: { requestId: _, ...extensions } = {}, ...error }) => ({
      ...error,
      ...(Object.keys(extensions).length > 0 && { extensions }),
    }));
    return errors ? { ...result, errors } : result;
  });
}

/** Whether places rise; they need not be next to each other, as merged deltas bear the last of theirs. */
export function isRising(places: readonly number[]): boolean {
  return places.every((place, at) => at === 0 || place > (places[at - 1] ?? place));
}

/** The results of a chat with neighbouring deltas as one: how many there are is a matter of moments. */
export function withDeltasJoined(results: readonly Result[]): readonly Result[] {
  const joined: Result[] = [];
  for (const result of results) {
    const last = joined.at(-1)?.data?.chat as Delta | undefined;
    const next = result.data?.chat as Delta | undefined;
    const isDelta = last?.__typename.endsWith('Delta') && last.__typename === next?.__typename;
    if (last && next && isDelta && last.index === next.index) {
      joined[joined.length - 1] = { data: { chat: { ...next, text: last.text + next.text, offset: last.offset } } };
    } else {
      joined.push(result);
    }
  }
  return joined;
}

interface Delta {
  readonly __typename: string;
  readonly text: string;
  readonly offset: number;
  /** Of the call that it is of. */
  readonly index?: number;
}
