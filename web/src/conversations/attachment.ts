/** A file that a question comes with. Its bytes are kept by its id, in `attachments/bytes.ts`. */
export interface Attachment {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly bytes: number;
}

export type Kind = 'image' | 'audio' | 'file';

/** What it is to a model. */
export function kindOf({ mediaType }: Pick<Attachment, 'mediaType'>): Kind {
  if (mediaType.startsWith('image/')) return 'image';
  return mediaType.startsWith('audio/') ? 'audio' : 'file';
}
