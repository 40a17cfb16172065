import { ProviderError } from '../../providers/errors.ts';
import type { AspectRatio, Image } from '../../providers/provider.ts';
import type { Caller, Surroundings } from '../caller.ts';
import {
  type Attempt,
  callerLeft,
  type Failure,
  mayTryNext,
  toAttempt,
  toFailure,
  toProviderError,
} from '../failure.ts';
import { type Gate, inOrder } from '../gate.ts';
import { badInput } from '../mistakes.ts';
import type { Candidates, Model } from '../registry.ts';

export interface ImageOrder {
  /** The models that may make them, in the order in which they are tried. */
  readonly candidates: Candidates;
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

/** Makes pictures with the first model that can. @throws the signal's reason when the caller has left. */
export async function makeImages(
  order: ImageOrder,
  { note }: Caller,
  { signal, reportBug, gateOf }: Surroundings,
): Promise<ImageOutcome> {
  const attempts: Attempt[] = [];
  let failure = new ProviderError('UNAVAILABLE', 'No model was tried');

  for (const model of inOrder(order.candidates, gateOf)) {
    const begin = performance.now();
    note({ model: model.id });
    try {
      const images = await askFor(order, model, gateOf(model.provider), signal);
      note({ code: 'OK' });
      return { type: 'GeneratedImages', images, model, prompt: order.prompt };
    } catch (error) {
      if (callerLeft(signal)) throw signal.reason;
      failure = toProviderError(error, reportBug);
      attempts.push(toAttempt(failure, model, begin));
      if (!mayTryNext(failure)) break;
    }
  }
  note({ code: failure.code });
  return { type: 'ImageFailed', ...toFailure(failure, attempts) };
}

/** Asks for all the pictures at once, in as many calls as it takes. The first one that fails ends the others. */
async function askFor(
  { prompt, aspectRatio, count }: ImageOrder,
  { provider, name }: Model,
  gate: Gate,
  signal: AbortSignal,
): Promise<readonly Image[]> {
  const siblings = new AbortController();
  const either = AbortSignal.any([signal, siblings.signal]);

  async function call(count: number): Promise<readonly Image[]> {
    const stay = await gate.enter(either);
    const begin = performance.now();
    try {
      if (!provider.generateImages) throw new ProviderError('REJECTED', `${provider.name} makes no pictures`);
      const images = checkImages(await provider.generateImages({ model: name, prompt, aspectRatio, count }, either));
      stay.firstPart(performance.now() - begin);
      stay.succeeded();
      return images;
    } catch (error) {
      if (error instanceof ProviderError && !either.aborted) stay.failed(error);
      throw error;
    } finally {
      stay.end();
    }
  }

  try {
    return (await Promise.all(toCalls(count, provider.maxImagesPerCall).map(call))).flat();
  } catch (error) {
    siblings.abort(error);
    throw error;
  }
}

/** How many pictures each call is asked for. */
function toCalls(count: number, most: number): number[] {
  return Array.from({ length: Math.ceil(count / most) }, (_, index) => Math.min(most, count - index * most));
}

/**
 * The order with those of its models that can do what is asked.
 * @throws GraphQLError `BAD_USER_INPUT` when there are none.
 */
export function fitImageOrder(order: ImageOrder): ImageOrder {
  const square = order.aspectRatio.width === order.aspectRatio.height;
  const [first, ...others] = order.candidates.filter(({ provider }) => square || provider.supportsAspectRatio);
  if (first) return { ...order, candidates: [first, ...others] };
  const [{ id }] = order.candidates;
  throw badInput('input.aspectRatio', `'${id}' makes pictures of one shape only; leave it out or choose another model`);
}

/** The pictures, if each of them can be shown. @throws ProviderError `BAD_RESPONSE` for a url of another scheme. */
export function checkImages(images: readonly Image[]): readonly Image[] {
  for (const { url } of images) {
    if (!/^(https?:\/\/|data:)/i.test(url) || !URL.canParse(url)) {
      throw new ProviderError('BAD_RESPONSE', 'The upstream sent a picture whose url is not http, https or data');
    }
  }
  return images;
}
