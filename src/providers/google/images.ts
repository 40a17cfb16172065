import type { Image } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import { isObject, type Json } from '../http/json.ts';
import { nearestShape } from '../kit/nearest-shape.ts';
import type { ImageRequest } from '../provider.ts';
import type { Ways } from './families.ts';

interface ImageOrder {
  readonly method: 'predict' | 'generateContent';
  readonly body: Json;
}

/** What orders pictures: https://ai.google.dev/gemini-api/docs/imagen and /image-generation (read 2026-11-27) */
export function toImageOrder({ prompt, count, aspectRatio }: ImageRequest, { pictures }: Ways): ImageOrder {
  if (pictures === 'predict') {
    const parameters = { sampleCount: count, aspectRatio: nearestShape(aspectRatio, PREDICTED_RATIOS) };
    return { method: 'predict', body: { instances: [{ prompt }], parameters } };
  }
  const imageConfig = { aspectRatio: nearestShape(aspectRatio, RATIOS) };
  return {
    method: 'generateContent',
    body: {
      contents: [{ role: 'user', parts: [{ text: prompt }] }],
      generationConfig: { responseModalities: ['IMAGE'], imageConfig },
    },
  };
}

const PREDICTED_RATIOS = ['1:1', '3:4', '4:3', '9:16', '16:9'];
const RATIOS = ['1:1', '2:3', '3:2', '3:4', '4:3', '4:5', '5:4', '9:16', '16:9', '21:9'];

/** @throws ProviderError `REJECTED` where it says why there are none, `BAD_RESPONSE` where it does not */
export function fromImageAnswer(
  said: unknown,
  { name, toImage, clean }: { readonly name: string; toImage(item: unknown): Image; clean(text: string): string },
): readonly Image[] {
  const { predictions, candidates, promptFeedback } = isObject(said) ? said : ({} as Json);
  const predicted = toObjects(predictions);
  const parts = toObjects(candidates).flatMap(({ content }) => (isObject(content) ? toObjects(content.parts) : []));
  const items = [
    ...predicted.flatMap(({ bytesBase64Encoded }) => bytesBase64Encoded ?? []),
    ...parts.filter(({ thought }) => thought !== true).flatMap(({ inlineData }) => inlineData ?? []),
  ];
  if (items.length > 0) return items.map(toImage);
  const { blockReason } = isObject(promptFeedback) ? promptFeedback : ({} as Json);
  const reasons = [
    ...predicted.map(({ raiFilteredReason }) => raiFilteredReason),
    blockReason,
    ...toObjects(candidates).map(({ finishMessage, finishReason }) => finishMessage ?? finishReason),
  ];
  const reason = reasons.find((one) => typeof one === 'string' && one !== '' && one !== 'STOP');
  if (typeof reason !== 'string') throw new ProviderError('BAD_RESPONSE', `${name} sent no images`);
  throw new ProviderError('REJECTED', `${name} made no picture: ${clean(reason).slice(0, MAX_QUOTED)}`);
}

const MAX_QUOTED = 500;

function toObjects(list: unknown): readonly Json[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
