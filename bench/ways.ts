import { randomUUID } from 'node:crypto';
import { Agent, request } from 'undici';
import { WebSocket } from 'ws';
import type { Scenario, Script, Way } from './scenarios.ts';
import type { Tally } from './tally.ts';

export interface NamedScript extends Script {
  /** The stream's, for this run. */
  readonly name: string;
}

/** How a client reaches an answer. */
export interface Route {
  /** What comes before the text in everything that is sent. */
  readonly marker: string;
  /** @returns how to leave */
  open(script: NamedScript, tally: Tally, onEnd: () => void): () => void;
  close(): Promise<void>;
}

const QUERY = `subscription ($input: ChatInput!) { chat(input: $input) {
  __typename ... on ChatDelta { text } ... on ChatToolCallDelta { index text } ... on ChatToolCall { index callId name arguments }
  ... on ChatFinished { finishReason length } ... on ChatFailed { code message }
} }`;

function operation(script: NamedScript, { hasIds = false, idPrefix }: Scenario) {
  const id = hasIds ? { id: idPrefix === undefined ? randomUUID() : `${idPrefix}-${script.name}` } : {};
  const input = { ...id, model: 'upstream/bench', messages: [{ role: 'USER', content: JSON.stringify(script) }] };
  return { query: QUERY, variables: { input } };
}

export interface Address {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

export async function createRoute(way: Way, address: Address, scenario: Scenario): Promise<Route> {
  const { url } = address;
  if (way === 'WebSocket') return overWebSocket(url, scenario);
  const toOperation = (script: NamedScript) => operation(script, scenario);
  const isRead = scenario.kind !== 'unread';
  if (way === 'SSE') return overHttp({ url: `${url}/graphql`, marker: '"text":"', isRead, toBody: toOperation });
  return overHttp({
    ...address,
    marker: '"content":"',
    isRead,
    toBody: (script) => ({
      model: 'bench',
      stream: true,
      messages: [{ role: 'user', content: JSON.stringify(script) }],
    }),
  });
}

interface HttpOptions {
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly marker: string;
  readonly isRead: boolean;
  toBody(script: NamedScript): object;
}

function overHttp({ url, headers: own, marker, isRead, toBody }: HttpOptions): Route {
  const dispatcher = new Agent();
  return {
    marker,
    open(script, tally, onEnd) {
      const controller = new AbortController();
      const headers = { 'content-type': 'application/json', accept: 'text/event-stream', ...own };
      const body = JSON.stringify(toBody(script));
      request(url, { method: 'POST', headers, body, signal: controller.signal, dispatcher }).then(
        ({ body: answer }) => {
          answer.on('error', onEnd).on('end', onEnd);
          if (isRead) answer.setEncoding('latin1').on('data', (text: string) => tally.take(text));
        },
        onEnd,
      );
      return () => controller.abort();
    },
    close: () => dispatcher.destroy(),
  };
}

async function overWebSocket(url: string, scenario: Scenario): Promise<Route> {
  const { kind, streams, subscriptionsASocket = 10 } = scenario;
  const listeners = new Map<string, { readonly tally: Tally; readonly onEnd: () => void }>();

  function receive(frame: string) {
    // The server puts `id` first: { "id": "7", "type": "next", "payload": … }
    const id = frame.slice(7, frame.indexOf('"', 7));
    const listener = listeners.get(id);
    listener?.tally.take(frame);
    if (listener && /^.{0,40}"type":"(complete|error)"/.test(frame)) listener.onEnd();
  }

  const sockets = await Promise.all(
    Array.from({ length: Math.ceil(streams / subscriptionsASocket) }, () => connect(url, receive)),
  );
  let opened = 0;
  return {
    marker: '"text":"',
    open(script, tally, onEnd) {
      const { name } = script;
      const socket = sockets[opened++ % sockets.length];
      listeners.set(name, { tally, onEnd });
      socket?.send(JSON.stringify({ id: name, type: 'subscribe', payload: operation(script, scenario) }));
      if (kind === 'unread') socket?.pause();
      return () => socket?.send(JSON.stringify({ id: name, type: 'complete' }));
    },
    async close() {
      for (const socket of sockets) socket.terminate();
    },
  };
}

function connect(url: string, receive: (frame: string) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('open', () => socket.send('{"type":"connection_init"}'));
    socket.on('message', (data) => {
      const frame = String(data);
      if (frame.startsWith('{"type":"connection_ack"')) resolve(socket);
      else receive(frame);
    });
  });
}
