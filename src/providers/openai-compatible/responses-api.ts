import type { ChatRequest } from '../chat.ts';
import { dialectOf } from '../responses/continuation.ts';
import { familyOf } from '../responses/families.ts';
import { createResponsesReader } from '../responses/reader.ts';
import { toResponsesRequest } from '../responses/request.ts';
import { type ChatCall, type ChatContext, imageMaker } from './chat-api.ts';
import { reasons } from './responses-models.ts';

/** Over `/responses`. @throws ProviderError `REJECTED` for what cannot be sent over it */
export function askResponses(request: ChatRequest, context: ChatContext): ChatCall {
  const { id, name, options, model, extra, http } = context;
  const { reasoningEfforts, responseFormats: formats } = { ...options, ...model };
  const { efforts = reasoningEfforts } = familyOf(request.model) ?? {};
  const known = efforts.filter((word) => reasoningEfforts.includes(word));
  const dialect = dialectOf(id);
  const toImage = imageMaker(request, context);
  return {
    path: '/responses',
    body: toResponsesRequest(request, extra, {
      reasoning: reasons(request.model, model.capabilities),
      efforts: known.length > 0 ? known : reasoningEfforts,
      formats,
      dialect,
    }),
    reader: createResponsesReader({
      name,
      dialect,
      http,
      toImagePart: (item) => ({ type: 'image', image: toImage({ ...item, b64_json: item.result }) }),
    }),
  };
}
