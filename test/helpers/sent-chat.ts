import type { ChatMessage, ChatRequest, MediaPart } from '../../src/providers/chat.ts';
import { user } from './messages.ts';
import { answerWith, DONE, event, startAcme } from './openai-server.ts';
import { collect } from './provider-suite.ts';

/** The body that a chat is sent as over `/chat/completions`, to the letter. @param entry of the configuration: its `type` is the dialect */
export async function sentBody(entry: object, request: Partial<ChatRequest> = {}): Promise<string> {
  const hello = answerWith(event({ content: 'Hello' }, 'stop'), DONE);
  const { upstream, provider } = await startAcme(hello, { apiKey: 'key-0123456789', api: 'chat', ...entry });
  if (!provider.streamChat) throw new Error('expected a provider that chats');
  const chat = { model: 'acme-1', messages: [user('Hello')], ...request };
  await collect(provider.streamChat(chat, new AbortController().signal));
  return (await upstream.exchange()).body;
}

/** The fields of such a body that say more than the model, the messages and that it is streamed. */
export async function sentFields(entry: object, request: Partial<ChatRequest>): Promise<string> {
  const { model, messages, stream, stream_options, ...fields } = JSON.parse(await sentBody(entry, request));
  return JSON.stringify(fields);
}

/** Its messages. */
export async function sentMessages(entry: object, messages: readonly ChatMessage[]): Promise<string> {
  return JSON.stringify(JSON.parse(await sentBody(entry, { messages })).messages);
}

type Answer = Extract<ChatMessage, { role: 'ASSISTANT' }>;
type Result = Extract<ChatMessage, { role: 'TOOL' }>;

/** An answer with one call, by its id. */
export const calling = (callId: string, more: Partial<Answer> = {}): ChatMessage => ({
  role: 'ASSISTANT',
  parts: [],
  toolCalls: [{ callId, name: 'weather', argumentsText: '{"city":"Oslo"}' }],
  continuation: null,
  ...more,
});

export const resultOf = (callId: string, text: string, more: Partial<Result> = {}): ChatMessage => ({
  role: 'TOOL',
  callId,
  name: 'weather',
  parts: [{ type: 'text', text }],
  isError: false,
  ...more,
});

export const media = (type: MediaPart['type'], url: string, more: Partial<MediaPart> = {}): MediaPart => ({
  type,
  url,
  mediaType: null,
  name: null,
  detail: null,
  ...more,
});
