import { GraphQLError } from 'graphql';
import * as z from 'zod';
import type { ImageOutcome } from '../gateway/images.ts';
import type { AspectRatio } from '../providers/provider.ts';
import { builder } from './builder.ts';
import { FailureRef } from './failure.ts';
import { orDefault, parseInput } from './input.ts';

builder.objectType('Image', {
  description: 'A picture.',
  fields: (t) => ({
    url: t.exposeString('url', {
      description: 'Where it is: an http(s) address, or a data: URI where the upstream sent the bytes themselves.',
    }),
    alt: t.exposeString('alt', { description: 'The prompt used.' }),
    mediaType: t.string({
      nullable: true,
      description: 'Such as `image/png`. Null where the bytes are not known yet.',
      resolve: ({ url }) => mediaTypeOf(url),
    }),
    dataUri: t.string({
      nullable: true,
      description:
        'The bytes as a data: URI. Null, with an error, where they cannot be had: pictures that are only linked to are not fetched yet.',
      resolve: ({ url }) => dataUriOf(url),
    }),
  }),
});

type OutcomeOf<T extends ImageOutcome['type']> = Extract<ImageOutcome, { type: T }>;

const GeneratedImages = builder.objectRef<OutcomeOf<'GeneratedImages'>>('GeneratedImages').implement({
  description: 'Pictures, as they were asked for.',
  fields: (t) => ({
    images: t.expose('images', { type: ['Image'], description: '`count` of them; more where the upstream made more.' }),
    model: t.expose('model', { type: 'Model', description: 'The model that made them.' }),
    prompt: t.exposeString('prompt', { description: 'The prompt used.' }),
  }),
});

const ImageFailed = builder.objectRef<OutcomeOf<'ImageFailed'>>('ImageFailed').implement({
  description: 'There are no pictures, and why.',
  interfaces: [FailureRef],
});

const GenerateImageResult = builder.unionType('GenerateImageResult', {
  description: 'The pictures, or why there are none.',
  types: [GeneratedImages, ImageFailed],
  resolveType: ({ type }) => type,
});

const GenerateImageInput = builder.inputType('GenerateImageInput', {
  description: 'What picture is wanted.',
  fields: (t) => ({
    prompt: t.string({ required: true, description: 'What it is to show. Not blank.' }),
    model: t.string({
      description:
        "A `Model.id`, a bare name or an alias of an image model. None: the provider's default, or the server's.",
    }),
    provider: t.id({ description: 'A `Provider.id`: only its models.' }),
    aspectRatio: t.string({ defaultValue: '1:1', description: 'Width to height, each 1 to 64: `16:9`.' }),
    count: t.int({
      defaultValue: 1,
      description: 'How many, 1 to 10. A provider that makes one at a time is asked as often as needed.',
    }),
  }),
});

builder.mutationField('generateImage', (t) =>
  t.field({
    type: GenerateImageResult,
    description: 'Makes pictures from a prompt.',
    args: { input: t.arg({ type: GenerateImageInput, required: true, description: 'What picture is wanted.' }) },
    resolve: (_root, { input }, { gateway, caller }) => gateway.generateImages(parseInput(ImageRequest, input), caller),
  }),
);

const SIDE = '([1-9]|[1-5][0-9]|6[0-4])';

const ImageRequest = z.object({
  prompt: z.string().refine((prompt) => prompt.trim() !== '', 'expected a prompt that is not blank'),
  model: z.string().nullish(),
  provider: z.string().nullish(),
  aspectRatio: orDefault(
    '1:1',
    z.string().regex(new RegExp(`^${SIDE}:${SIDE}$`), 'expected width:height, each from 1 to 64, such as 16:9'),
  ).transform(toAspectRatio),
  count: orDefault(1, z.int().min(1).max(10)),
});

function toAspectRatio(ratio: string): AspectRatio {
  const [width = 1, height = 1] = ratio.split(':').map(Number);
  return { width, height };
}

function mediaTypeOf(url: string): string | null {
  return /^data:([^;,]+)/.exec(url)?.[1] ?? null;
}

function dataUriOf(url: string): string {
  if (url.startsWith('data:')) return url;
  throw new GraphQLError('This server does not fetch pictures yet: use the url', {
    extensions: { code: 'NOT_FETCHED' },
  });
}
