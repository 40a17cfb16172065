import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ChatMessage, InputPart, MediaPart } from '../../providers/chat.ts';
import { ProviderError } from '../../providers/errors.ts';
import { createConcurrencyLimit } from '../concurrency-limit.ts';
import type { Download } from '../download/download.ts';
import { toMistake } from '../failure.ts';
import { badInput, mediaNotFound } from '../input-errors.ts';
import type { Model } from '../model.ts';
import type { MediaStore } from './media-store.ts';
import { toMediaType } from './media-type.ts';
import { embed, fromBytes, fromDataUri, type Medium } from './medium.ts';

/** Where the media of chats come from. */
export interface MediaSources {
  readonly store: Pick<MediaStore, 'read'>;
  readonly download: Pick<Download, 'read'>;
  readonly maxMediaBytes: number;
  /** Of all that one chat has. */
  readonly maxChatMediaBytes: number;
}

/** The messages of one chat whose media were looked over. */
export interface ChatMedia {
  /** With the bytes of all media but those that http(s) links lead to. */
  readonly messages: readonly ChatMessage[];
  /**
   * With media in the form that the model's provider takes. No link is read twice.
   * @throws ProviderError for what cannot be had; the signal's reason when that aborts
   */
  messagesFor(model: Model, signal: AbortSignal): Promise<readonly ChatMessage[]>;
}

export interface ChatMediaOptions {
  readonly messages: readonly ChatMessage[];
  /** Whose links to what was sent count. */
  readonly owner: string;
  /** Who is asked first: what that needs is read before the chat begins. */
  readonly model: Model;
  readonly signal: AbortSignal;
}

/**
 * Looks all media over, and reads what is needed first.
 * @returns undefined where there are none
 * @throws GraphQLError `MEDIA_NOT_FOUND`, `BAD_USER_INPUT`, with the path of the link; the signal's reason
 */
export async function openChatMedia(
  sources: MediaSources,
  { messages, owner, model, signal }: ChatMediaOptions,
): Promise<ChatMedia | undefined> {
  if (!messages.some(({ parts }) => parts.some(isMedia))) return undefined;
  const embedOnce = createEmbedding(sources, owner);
  const failed = new AbortController();
  const either = AbortSignal.any([signal, failed.signal]);

  async function check(part: MediaPart, path: string): Promise<MediaPart> {
    if (isLink(part) && !needsBytes(model, part)) return part;
    try {
      const embedded = await embedOnce(part, either);
      return isLink(part) ? part : embedded;
    } catch (error) {
      failed.abort(error); // The others need not be read any further.
      if (signal.aborted) throw toMistake(signal.reason);
      if (error instanceof MediaGone) throw mediaNotFound(path);
      throw error instanceof ProviderError ? badInput(path, error.message, error.code) : error;
    }
  }

  const checked = await mapMedia(messages, check);
  return {
    messages: checked,
    messagesFor: (model, signal) =>
      mapMedia(checked, async (part) => {
        return isLink(part) && needsBytes(model, part) ? embedOnce(part, signal).catch(failThisModel) : part;
      }),
  };
}

/** Another may take the link: only what is refused for itself is refused by all. */
function failThisModel(error: unknown): never {
  if (!(error instanceof ProviderError && error.code === 'REJECTED')) throw error;
  throw new ProviderError('BAD_RESPONSE', error.message, { cause: error });
}

/** Puts what stands behind links in their place, once for each part, until it is too much. */
function createEmbedding(sources: MediaSources, owner: string) {
  const { maxChatMediaBytes } = sources;
  const read = createLinkReader(sources, owner);
  const embedded = new Map<MediaPart, Promise<MediaPart>>();
  let bytes = 0;

  async function embedNow(part: MediaPart, signal: AbortSignal): Promise<MediaPart> {
    await nextTurn(); // What is long takes its time, at each step: others have theirs in between.
    const medium = await read(part.url, signal);
    bytes += medium.bytes;
    if (bytes > maxChatMediaBytes) {
      throw new ProviderError('TOO_LARGE', `expected at most ${maxChatMediaBytes} bytes of media in one chat`);
    }
    await nextTurn();
    const embedded = embed(part, medium);
    await nextTurn();
    return embedded;
  }

  return (part: MediaPart, signal: AbortSignal) => {
    const embedding = embedded.get(part) ?? embedNow(part, signal);
    embedded.set(part, embedding);
    return embedding;
  };
}

class MediaGone extends Error {}

/** Reads what stands behind a link, once, and a few links of a chat at a time: each may be long. */
function createLinkReader({ store, download, maxMediaBytes }: MediaSources, owner: string) {
  const line = createConcurrencyLimit('The reading of media', {
    maxConcurrent: 4,
    maxQueued: MAX_LINKS,
    queueTimeoutMs: 600_000,
  });
  const loads = new Map<string, Promise<Medium>>();

  async function load(url: string, signal: AbortSignal): Promise<Medium> {
    const leave = await line.enter(signal);
    try {
      if (!isStored(url)) {
        const { bytes, contentType } = await download.read(url, signal);
        const medium = fromBytes(bytes, null);
        return { ...medium, mediaType: toMediaType(contentType || null, medium.head) ?? null }; // Some servers tell one type for all.
      }
      const found = await store.read(url, owner);
      if (found) return fromBytes(found.bytes, found.mediaType);
      throw new MediaGone();
    } finally {
      leave();
    }
  }

  return async (url: string, signal: AbortSignal): Promise<Medium> => {
    if (isDataUri(url)) return fromDataUri(url, maxMediaBytes);
    const loading = loads.get(url);
    if (loading) return loading;
    if (loads.size === MAX_LINKS)
      throw new ProviderError('TOO_LARGE', `expected at most ${MAX_LINKS} links to be read`);
    const begun = load(url, signal);
    loads.set(url, begun);
    return begun;
  };
}

/** Those that are passed on do not count. */
const MAX_LINKS = 100;

const isDataUri = (url: string) => /^data:/i.test(url);
const isStored = (url: string) => /^media:/i.test(url);

function isMedia(part: InputPart): part is MediaPart {
  return part.type !== 'text';
}

/** To somewhere else. */
function isLink({ url }: MediaPart): boolean {
  return !isDataUri(url) && !isStored(url);
}

/** A model that draws is told what to draw in words. */
function needsBytes({ kind, provider }: Model, part: MediaPart): boolean {
  return kind === 'CHAT' && !provider.readsLink?.(part);
}

/** All at once: the first that fails is what is told. */
async function mapMedia(
  messages: readonly ChatMessage[],
  map: (part: MediaPart, path: string) => Promise<MediaPart>,
): Promise<readonly ChatMessage[]> {
  return Promise.all(
    messages.map(async (message, at) => {
      if (message.role !== 'USER' && message.role !== 'TOOL') return message;
      const parts = message.parts.map((part, place) =>
        isMedia(part) ? map(part, `input.messages.${at}.parts.${place}.${part.type}.url`) : part,
      );
      return { ...message, parts: await Promise.all(parts) };
    }),
  );
}
