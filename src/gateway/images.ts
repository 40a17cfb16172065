import { ProviderError } from '../providers/errors.ts';
import type { AspectRatio, Image } from '../providers/provider.ts';
import type { Surroundings } from './caller.ts';
import { callerLeft, type Failure, toFailure, toProviderError } from './failure.ts';
import { badInput } from './mistakes.ts';
import type { Model } from './registry.ts';

export interface ImageOrder {
  readonly model: Model;
  readonly prompt: string;
  readonly aspectRatio: AspectRatio;
  readonly count: number;
}

export type ImageOutcome =
  | {
      readonly type: 'GeneratedImages';
      readonly images: readonly Image[];
      readonly model: Model;
      readonly prompt: string;
    }
  | (Failure & { readonly type: 'ImageFailed' });

/** @throws GraphQLError `BAD_USER_INPUT` for what the chosen model cannot be asked. */
export function checkImageOrder({ model, aspectRatio }: ImageOrder): void {
  if (aspectRatio.width !== aspectRatio.height && !model.provider.supportsAspectRatio) {
    throw badInput(
      'input.aspectRatio',
      `'${model.id}' makes pictures of one shape only; leave it out or choose another model`,
    );
  }
}

/** Asks the provider at once for all the pictures: the first call that fails ends the others. @throws the signal's reason. */
export async function makeImages(
  order: ImageOrder,
  { caller, health, reportBug }: Surroundings,
): Promise<ImageOutcome> {
  const { model, prompt, aspectRatio, count } = order;
  const { provider, name } = model;
  const { signal, note } = caller;
  const begin = performance.now();
  const siblings = new AbortController();
  const either = AbortSignal.any([signal, siblings.signal]);

  async function call(count: number): Promise<readonly Image[]> {
    if (!provider.generateImages) throw new ProviderError('REJECTED', `${provider.name} makes no pictures`);
    return provider.generateImages({ model: name, prompt, aspectRatio, count }, either);
  }

  note({ model: model.id });
  try {
    signal.throwIfAborted();
    const images = await Promise.all(toCalls(count, provider.maxImagesPerCall).map(call));
    health.succeeded();
    note({ code: 'OK' });
    return { type: 'GeneratedImages', images: images.flat(), model, prompt };
  } catch (error) {
    siblings.abort(error);
    if (callerLeft(signal)) throw signal.reason;
    const failure = toProviderError(error, reportBug);
    health.failed(failure);
    note({ code: failure.code });
    return { type: 'ImageFailed', ...toFailure(failure, model, Math.round(performance.now() - begin)) };
  }
}

/** How many pictures each call is asked for. */
function toCalls(count: number, most: number): number[] {
  return Array.from({ length: Math.ceil(count / most) }, (_, index) => Math.min(most, count - index * most));
}
