import { signal } from '@preact/signals';
import { request } from '../client/client.ts';
import { PictureMutation } from '../client/operations.ts';
import { type Failure, toFailure } from '../conversations/answer.ts';
import { dropPicture, keepPicture, loadPictures } from '../conversations/database.ts';
import type { GenerateImageInput } from '../gql/graphql.ts';
import type { Picture } from './picture.ts';

/** The gallery, newest first. */
export const pictures = signal<readonly Picture[]>([]);

/** How many orders are under way. */
export const underWay = signal(0);

/** Why the last order came to nothing. */
export const pictureFailure = signal<Failure | null>(null);

export async function loadGallery(): Promise<void> {
  const kept = await loadPictures().catch(() => []); // Some browsers keep nothing in private windows.
  pictures.value = kept.sort((one, other) => other.madeAt - one.madeAt);
}

export async function makePictures(input: GenerateImageInput): Promise<void> {
  underWay.value++;
  pictureFailure.value = null;
  const { data, problem } = await request('mutation', PictureMutation, { input });
  underWay.value--;
  if (!data) {
    pictureFailure.value = { code: null, message: problem ?? 'There is no answer.', retryable: true };
    return;
  }
  const { generateImage: made } = data;
  if (made.__typename === 'ImageFailed') {
    pictureFailure.value = toFailure(made);
    return;
  }
  const fresh = made.images.map(({ url, dataUri }) => ({
    id: crypto.randomUUID(),
    madeAt: Date.now(),
    prompt: input.prompt,
    model: made.model.id,
    aspectRatio: input.aspectRatio ?? '1:1',
    dataUri,
    url: dataUri ? '' : url, // Which may be the bytes once more.
  }));
  pictures.value = [...fresh, ...pictures.value];
  for (const picture of fresh) void keepPicture(picture).catch(() => {});
}

export function removePicture({ id }: Picture): void {
  pictures.value = pictures.value.filter((picture) => picture.id !== id);
  void dropPicture(id).catch(() => {});
}
