import type { Image } from '../../providers/chat.ts';
import { ProviderError } from '../../providers/errors.ts';
import type { AspectRatio } from '../../providers/provider.ts';
import type { CallContext, Caller } from '../caller.ts';
import { type Failure, toFailure } from '../failure.ts';
import { badInput } from '../input-errors.ts';
import type { Model } from '../model.ts';
import { noteAttempts } from '../outcome.ts';
import type { ProviderAccess } from '../provider-access.ts';
import type { Candidates } from '../registry.ts';
import { tryCandidates } from '../try-candidates.ts';

export interface ImageJob {
  /** The models that may make them, in the job in which they are tried. */
  readonly candidates: Candidates;
  readonly prompt: string;
  readonly aspectRatio: AspectRatio;
  readonly count: number;
}

export type ImageResult =
  | {
      readonly type: 'GeneratedImages';
      readonly images: readonly Image[];
      readonly model: Model;
      readonly prompt: string;
    }
  | (Failure & { readonly type: 'ImageFailed' });

/** Makes pictures with the first model that can. @throws the signal's reason when the caller has left. */
export async function makeImages(job: ImageJob, { note }: Caller, context: CallContext): Promise<ImageResult> {
  const tried = await tryCandidates(job.candidates, context, async (model, access, attempts) => {
    note({ model: model.id, ...noteAttempts(attempts) });
    return { images: await askFor(job, model, access, context), model };
  });
  if ('result' in tried) {
    note({ code: 'OK' });
    return { type: 'GeneratedImages', ...tried.result, prompt: job.prompt };
  }
  note({ code: tried.failure.code, reason: tried.failure.message, ...noteAttempts(tried.attempts) });
  return { type: 'ImageFailed', ...toFailure(tried.failure, tried.attempts) };
}

/**
 * Asks until all the pictures are there: in as many calls at once as there are places, beside the one that is held. The
 * first call that fails ends the others.
 */
async function askFor(
  job: ImageJob,
  model: Model,
  access: ProviderAccess,
  { signal, trace }: CallContext,
): Promise<readonly Image[]> {
  const { provider, name, capabilities } = model;
  const { prompt, aspectRatio, count } = job;
  const siblings = new AbortController();
  const either = AbortSignal.any([signal, siblings.signal]);
  const images: Image[] = [];
  let asked = 0;

  async function call(count: number): Promise<readonly Image[]> {
    const request = { prompt, aspectRatio, count };
    const seen = access.begin({ kind: 'IMAGE', model, request, signal: either, trace });
    const { run = (ask) => ask() } = seen;
    try {
      const { generateImages } = provider;
      if (!generateImages) throw new ProviderError('REJECTED', `${provider.name} makes no pictures`);
      const made = await run(() => generateImages.call(provider, { model: name, ...request }, either));
      seen.firstPart();
      seen.succeeded({ reason: 'STOP', usage: null });
      return checkImages(made);
    } catch (error) {
      if (error instanceof ProviderError && !either.aborted) seen.failed(error);
      throw error;
    } finally {
      seen.end();
    }
  }

  /** Makes one call after another, for what nobody has asked for yet. */
  async function work(): Promise<void> {
    while (images.length + asked < count) {
      const missing = count - images.length - asked;
      const wanted = Math.min(capabilities.imagesPerCall ?? missing, missing);
      asked += wanted;
      const made = await call(wanted);
      asked -= wanted;
      images.push(...made);
    }
  }

  async function workElsewhere(leave: () => void): Promise<void> {
    await work().finally(leave);
  }

  const workers = [work()];
  while (images.length + asked < count) {
    const leave = access.tryEnter();
    if (!leave) break;
    workers.push(workElsewhere(leave));
  }
  try {
    await Promise.all(workers);
    return images;
  } catch (error) {
    siblings.abort(error);
    throw error;
  }
}

/**
 * The job with those of its models that can do what is asked.
 * @throws GraphQLError `BAD_USER_INPUT` when there are none.
 */
export function fitImageJob(job: ImageJob): ImageJob {
  const square = job.aspectRatio.width === job.aspectRatio.height;
  const [first, ...others] = job.candidates.filter(({ capabilities }) => square || capabilities.aspectRatios !== false);
  if (first) return { ...job, candidates: [first, ...others] };
  const [{ id }] = job.candidates;
  throw badInput('input.aspectRatio', `'${id}' makes pictures of one shape only; leave it out or choose another model`);
}

/** The pictures, if each of them can be shown. @throws ProviderError `BAD_RESPONSE` for a url of another scheme. */
export function checkImages(images: readonly Image[]): readonly Image[] {
  if (images.length > MOST_IMAGES) {
    throw new ProviderError(
      'TOO_LARGE',
      `The upstream sent ${images.length} pictures, expected ${MOST_IMAGES} at most`,
    );
  }
  for (const { url } of images) {
    if (!/^(https?:\/\/|data:)/i.test(url) || !URL.canParse(url)) {
      throw new ProviderError('BAD_RESPONSE', 'The upstream sent a picture whose url is not http, https or data');
    }
  }
  return images;
}

/** Nobody asks for as many in one call. */
const MOST_IMAGES = 100;
