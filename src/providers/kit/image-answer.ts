import type { Image } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import { toImageUrl } from './image-url.ts';

interface ImageAnswer {
  /** The provider's name, for messages. */
  readonly name: string;
  readonly prompt: string;
  /** Where the server is, for links that are relative. */
  readonly baseUrl: string;
}

/**
 * The pictures of a whole answer: of its list, under whichever name, of an answer that is a list, or of one that is a picture.
 * @throws ProviderError `BAD_RESPONSE` when there are none, and when one of them is no picture.
 */
export function fromImageAnswer(answer: unknown, about: ImageAnswer): Image[] {
  const items = toItems(answer);
  if (items.length === 0) throw new ProviderError('BAD_RESPONSE', `${about.name} sent no images`);
  return items.map((item) => toImage(item, about));
}

/** One picture. @throws ProviderError `BAD_RESPONSE` where it is none */
export function toImage(item: unknown, { name, prompt, baseUrl }: ImageAnswer): Image {
  const url = toImageUrl(item, baseUrl);
  if (url === null) throw new ProviderError('BAD_RESPONSE', `${name} sent something that is no picture`);
  return { url, alt: toAlt(item) ?? prompt };
}

/** What stands in an answer where its pictures should. */
export function toItems(answer: unknown): readonly unknown[] {
  const { data, images, artifacts, output } = Object(answer) as Readonly<Record<string, unknown>>;
  const { image_urls: urls } = Object(data) as Readonly<Record<string, unknown>>;
  const lists = [answer, data, images, artifacts, output, urls].filter((list) => Array.isArray(list));
  return lists.find((list) => list.length > 0) ?? (lists.length > 0 ? [] : [answer]);
}

/** The prompt that the model made of the one it was given. */
function toAlt(item: unknown): string | null {
  const { revised_prompt: revised } = Object(item) as { readonly revised_prompt?: unknown };
  return typeof revised === 'string' && revised.trim() !== '' ? revised : null;
}
