import { fromPlaceholder, unsentIn, urlOf } from '../conversations/messages.ts';
import type { ChatInput, ContentPartInput } from '../gql/graphql.ts';
import { loadBytes } from './bytes.ts';
import { linkTo } from './links.ts';

export interface SentInput {
  /** With its attachments where the server finds them. */
  readonly sent: ChatInput;
  /** The same to be kept, so that the server knows its chat by it; without bytes, which are kept once, elsewhere. */
  readonly kept: ChatInput;
}

/** @throws Error in words for people */
export async function withAttachments(input: ChatInput): Promise<SentInput> {
  const links = new Map(await Promise.all(unsentIn(input).map(async (id) => [id, await findLink(id)] as const)));
  return {
    sent: withLinks(input, (id) => links.get(id)),
    kept: withLinks(input, (id) => (links.get(id)?.startsWith('data:') ? undefined : links.get(id))),
  };
}

async function findLink(id: string): Promise<string> {
  const bytes = await loadBytes(id);
  if (!bytes) throw new Error('An attachment of this conversation is not in this browser any longer.');
  return linkTo(id, bytes).catch((error: Error) => {
    throw new Error(`${bytes.name}: ${error.message}`);
  });
}

function withLinks(input: ChatInput, linkOf: (id: string) => string | undefined): ChatInput {
  function withLink(part: ContentPartInput): ContentPartInput {
    const id = fromPlaceholder(urlOf(part));
    const url = id === null ? undefined : linkOf(id);
    if (url === undefined) return part;
    if (part.image) return { image: { ...part.image, url } };
    return part.audio ? { audio: { ...part.audio, url } } : { file: { ...part.file, url } };
  }
  const messages = input.messages.map(({ parts, ...rest }) => (parts ? { ...rest, parts: parts.map(withLink) } : rest));
  return { ...input, messages };
}
