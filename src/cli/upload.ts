import type { Address } from './api.ts';
import type { Attachment } from './attachment.ts';
import { Failed } from './failed.ts';
import type { ContentPartInput } from './generated/graphql.ts';

/**
 * Files as parts of a message. They go to the server ahead and alone, so that a lost connection does not send them again;
 * a server that has no `/media` gets them within the message.
 * @throws Failed
 */
export function upload(address: Address, files: readonly Attachment[]): Promise<ContentPartInput[]> {
  return Promise.all(
    files.map(async (file): Promise<ContentPartInput> => {
      const url = await send(address, file);
      const { kind, mediaType, name } = file;
      if (kind === 'image') return { image: { url } };
      return kind === 'audio' ? { audio: { url, mediaType, name } } : { file: { url, mediaType, name } };
    }),
  );
}

const ABSENT: readonly number[] = [404, 405];

async function send({ url, key }: Address, { name, mediaType, bytes }: Attachment): Promise<string> {
  const endpoint = new URL('media', url.replace(/\/$/, ''));
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const headers = { 'content-type': mediaType, accept: 'application/json', ...authorization };
  try {
    const response = await fetch(endpoint, { method: 'POST', headers, body: bytes });
    if (ABSENT.includes(response.status)) return `data:${mediaType};base64,${Buffer.from(bytes).toString('base64')}`;
    const { url: link, errors } = (await response.json()) as { url?: string; errors?: readonly Error[] };
    if (link !== undefined) return link;
    throw new Failed(`${name} was not taken: ${errors?.map(({ message }) => message).join('\n') ?? response.status}`);
  } catch (error) {
    if (error instanceof Failed) throw error;
    const { message, cause } = error as Error;
    throw new Failed(`${name} cannot be sent to ${endpoint}: ${cause instanceof Error ? cause.message : message}`);
  }
}
