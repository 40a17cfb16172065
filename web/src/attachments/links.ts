import { ENDPOINT } from '../client/endpoint.ts';
import { askForKey, authorization } from '../client/key.ts';
import { toDataUri } from './data-uri.ts';
import { inMegabytes } from './sizes.ts';

interface Link {
  readonly url: string;
  /** As the time of this browser. */
  readonly goodUntil: number;
}

interface Sending {
  readonly link: Promise<Link>;
  goodUntil: number;
}

const MEDIA = ENDPOINT.replace(/graphql$/, 'media');

/** The largest that goes into a message itself, where the server does not take bytes ahead of it. */
const MAX_INLINE_BYTES = 4_000_000;

/** How long before its end a link is not used any more. */
const MARGIN_MS = 30_000;

/** How soon bytes are sent once more. What fails as the page is being left is never told so: the next page sends them. */
const AGAIN_MS = 1000;

/** Bytes that the server has, or is being sent, by the id of their attachment: several models may be shown them at once. */
const sendings = new Map<string, Sending>();

/** Whether the server has no place for bytes, as older ones have none. */
let isPlaceless = false;

/**
 * Where the bytes are, for a message: a link of this server's, which lives for some minutes, or a data: URI.
 * @throws Error in words for people
 */
export async function linkTo(id: string, bytes: Blob): Promise<string> {
  const known = sendings.get(id);
  const sending = known && known.goodUntil > Date.now() ? known : begin(bytes);
  sendings.set(id, sending);
  return (await sending.link).url;
}

/** For when the server has them no longer. */
export const forgetLinks = (): void => sendings.clear();

function begin(bytes: Blob): Sending {
  const sending = { link: send(bytes), goodUntil: Number.POSITIVE_INFINITY };
  sending.link.then(
    ({ goodUntil }) => {
      sending.goodUntil = goodUntil;
    },
    () => {
      sending.goodUntil = 0;
    },
  );
  return sending;
}

async function send(bytes: Blob): Promise<Link> {
  if (isPlaceless) return inline(bytes);
  const response = await post(bytes)
    .catch(async () => {
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
      return post(bytes);
    })
    .catch(() => {
      throw new Error('The server cannot be reached.');
    });
  if (response.status === 401) {
    await askForKey();
    return send(bytes);
  }
  isPlaceless = response.status === 404;
  if (isPlaceless) return inline(bytes);
  const told = await response.json().catch(() => ({}));
  if (response.ok) return { url: told.url, goodUntil: Date.parse(told.expiresAt) - MARGIN_MS };
  throw new Error(told.errors?.[0]?.message ?? `The server answered ${response.status} to an attachment.`);
}

const post = (bytes: Blob): Promise<Response> =>
  fetch(MEDIA, {
    method: 'POST',
    headers: { ...authorization(), 'content-type': toClaim(bytes) },
    body: bytes,
  });

/** As any page may send plain text anywhere, the server takes none that is called so; it tells what it is by the bytes. */
const toClaim = ({ type }: Blob): string => (type.startsWith('text/plain') ? 'application/octet-stream' : type);

async function inline(bytes: Blob): Promise<Link> {
  if (bytes.size > MAX_INLINE_BYTES) {
    throw new Error(`This server takes attachments of at most ${inMegabytes(MAX_INLINE_BYTES)}.`);
  }
  return { url: await toDataUri(bytes), goodUntil: 0 };
}
