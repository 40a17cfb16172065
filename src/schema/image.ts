import * as z from 'zod';
import type { ImageResult } from '../gateway/image/images.ts';
import type { Image } from '../providers/chat.ts';
import { ProviderError } from '../providers/errors.ts';
import { type ImageFile, toDataUri } from '../providers/kit/image-file.ts';
import type { AspectRatio } from '../providers/provider.ts';
import { builder, type Context } from './builder.ts';
import { FailureRef, toFieldError } from './failure.ts';
import { checkImageBudget } from './image-budget.ts';
import { Name, optional, orDefault, parseInput } from './input.ts';

builder.objectType('Image', {
  description: 'A picture.',
  fields: (t) => ({
    url: t.exposeString('url', {
      description: 'Where it is: an http(s) address, or a data: URI where the upstream sent the bytes themselves.',
    }),
    alt: t.exposeString('alt', { description: 'The prompt used.' }),
    mediaType: t.string({
      nullable: true,
      description:
        'Such as `image/png`, of a data: URI as it says, otherwise by the bytes. Null where nothing beside it asks for those.',
      resolve: (image, _args, context) => mediaTypeOf(image, context),
    }),
    dataUri: t.string({
      nullable: true,
      description:
        'The bytes as a data: URI, SVG among the formats. Fetched when this field, `width` or `height` is asked for, ' +
        'once for all three, from the public internet or from where a configured provider is. Null where they cannot ' +
        "be had, with an error whose `extensions.code` is a `FailureCode`: `BLOCKED` for an address on this server's own networks.",
      resolve: (image, _args, context) => dataUriOf(image, context),
    }),
    width: t.int({
      nullable: true,
      description:
        'In pixels, as stored. Null for a drawing that fits any size; null with an error as for `dataUri`, which it fetches.',
      resolve: async (image, _args, context) => (await readFile(image, context)).width,
    }),
    height: t.int({
      nullable: true,
      description:
        'In pixels, as stored. Null for a drawing that fits any size; null with an error as for `dataUri`, which it fetches.',
      resolve: async (image, _args, context) => (await readFile(image, context)).height,
    }),
  }),
});

type OutcomeOf<T extends ImageResult['type']> = Extract<ImageResult, { type: T }>;

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
    resolve: (_root, { input }, { gateway, caller, maxImagesPerRequest }, info) => {
      checkImageBudget(info, maxImagesPerRequest);
      return gateway.generateImages(parseInput(ImageRequestShape, input), caller);
    },
  }),
);

const SIDE = '([1-9]|[1-5][0-9]|6[0-4])';

const ImageRequestShape = z.object({
  prompt: z.string().refine((prompt) => prompt.trim() !== '', 'expected a prompt that is not blank'),
  model: optional(Name),
  provider: optional(Name),
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

async function mediaTypeOf(image: Image, context: Context): Promise<string | null> {
  if (isDataUri(image)) return /^data:([^;,]+)/i.exec(image.url)?.[1] ?? null;
  await null; // The fields beside this one have asked for the bytes by then, if they do.
  if (!context.imageFiles.isAskedFor(image)) return null;
  return readFile(image, context).then(
    ({ mediaType }) => mediaType,
    () => null, // The fields beside this one tell why.
  );
}

async function dataUriOf(image: Image, context: Context): Promise<string> {
  return isDataUri(image) ? image.url : toDataUri(await readFile(image, context));
}

async function readFile(image: Image, { imageFiles, caller }: Context): Promise<ImageFile> {
  try {
    return await imageFiles.read(image, caller.signal);
  } catch (error) {
    if (error instanceof ProviderError) caller.note({ code: error.code });
    throw toFieldError(error);
  }
}

function isDataUri({ url }: Image): boolean {
  return /^data:/i.test(url);
}
