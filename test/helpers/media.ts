import { expect } from 'vitest';
import type { ChatRequest, MediaPart } from '../../src/providers/chat.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { overPost, withoutRequestIds } from './clients.ts';
import { PNG } from './pictures.ts';
import { finish, scriptedProvider, text } from './scripted-provider.ts';
import { startServer, type TestServer } from './server.ts';

/** A model that takes what comes, and the media that it was sent. */
export function createViewer(more: Partial<Provider> = {}) {
  const asked: ChatRequest[] = [];
  const provider = scriptedProvider(async function* (request) {
    asked.push(request);
    yield text('seen');
    yield finish();
  }, more);
  const media = (): readonly MediaPart[] =>
    asked.flatMap(({ messages }) =>
      messages.flatMap(({ parts }) => parts.flatMap((part) => (part.type === 'text' ? [] : [part]))),
    );
  return { provider, media };
}

/** A server with such a model. */
export async function startWithViewer(config: object = {}, more: Partial<Provider> = {}) {
  const { provider, media } = createViewer(more);
  const server = await startServer({
    config: { defaults: { chat: 'scripted/model' }, ...config },
    providers: [provider],
  });
  return { server, media };
}

/** A question about something, whose media are from the second part on. */
export const askAbout = (...parts: readonly object[]) => ({
  query: `mutation ($input: ChatInput!) {
    completeChat(input: $input) { __typename ... on ChatFailed { code message } }
  }`,
  variables: { input: { messages: [{ role: 'USER', parts: [{ text: 'What is it?' }, ...parts] }] } },
});

/** The extensions of the error that such a question ends in. */
export async function refusalOf(server: TestServer, parts: readonly object[], headers?: Record<string, string>) {
  const [result] = withoutRequestIds(await overPost(server, askAbout(...parts), headers));
  return result?.errors?.[0]?.extensions;
}

/** A picture of so many bytes, all in all. */
export const picture = (bytes: number): Buffer => Buffer.concat([PNG, Buffer.alloc(bytes - PNG.length, 7)]);

export const PDF = Buffer.from('%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n', 'latin1');
export const WAV = Buffer.from('RIFF\x24\0\0\0WAVEfmt \x10\0\0\0', 'latin1');
export const MP3 = Buffer.from('fffb9064000000000000', 'hex');

export const toDataUri = (bytes: Uint8Array, type = 'image/png'): string =>
  `data:${type};base64,${Buffer.from(bytes).toString('base64')}`;

export interface Upload {
  readonly type?: string;
  readonly key?: string;
  readonly headers?: Record<string, string>;
}

/** Sends a file to be shown later. */
export function postMedia(
  { url }: { readonly url: string },
  body: Uint8Array | string,
  { type = 'image/png', key, headers = {} }: Upload = {},
): Promise<Response> {
  return fetch(new URL('media', url), {
    method: 'POST',
    headers: { 'content-type': type, ...(key === undefined ? {} : bearer(key)), ...headers },
    body: body as BodyInit,
  });
}

export const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

export interface SentMedia {
  readonly url: string;
  readonly mediaType: string;
  readonly bytes: number;
  readonly expiresAt: string;
}

/** The same, where it has to work. */
export async function sendMedia(...upload: Parameters<typeof postMedia>): Promise<SentMedia> {
  const response = await postMedia(...upload);
  expect(response.status).toBe(201);
  return (await response.json()) as SentMedia;
}
