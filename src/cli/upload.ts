import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { Address } from './api.ts';
import { Failed } from './failed.ts';
import type { ContentPartInput } from './generated/graphql.ts';

/**
 * Files as parts of a message. They go to the server ahead and alone, so that a lost connection does not send them again.
 * @throws Failed
 */
export function upload(address: Address, files: readonly string[]): Promise<ContentPartInput[]> {
  return Promise.all(files.map(async (file) => toPart(basename(file), await send(address, file))));
}

interface Stored {
  readonly url: string;
  /** By its bytes. */
  readonly mediaType: string;
}

interface Refused {
  readonly errors: readonly Error[];
}

async function send({ url, key }: Address, file: string): Promise<Stored> {
  const endpoint = new URL('media', url.replace(/\/$/, ''));
  const authorization = key === undefined ? {} : { authorization: `Bearer ${key}` };
  const headers = { 'content-type': 'application/octet-stream', ...authorization };
  try {
    const response = await fetch(endpoint, { method: 'POST', headers, body: await openAsBlob(file) });
    const answer = (await response.json()) as Stored | Refused;
    if (response.ok && 'url' in answer) return answer;
    const reasons = 'errors' in answer ? answer.errors.map(({ message }) => message) : [`status ${response.status}`];
    throw new Failed(`${file} is refused: ${reasons.join('\n')}`);
  } catch (error) {
    if (error instanceof Failed) throw error;
    const { message, cause } = error as Error;
    throw new Failed(`${file} cannot be sent to ${endpoint}: ${cause instanceof Error ? cause.message : message}`);
  }
}

function toPart(name: string, { url, mediaType }: Stored): ContentPartInput {
  const [family] = mediaType.split('/');
  if (family === 'image') return { image: { url } };
  if (family === 'audio') return { audio: { url, name } };
  if (family === 'text' || mediaType === 'application/pdf') return { file: { url, name } };
  throw new Failed(`no model takes ${name}: expected a picture, sound, a PDF or text`);
}
