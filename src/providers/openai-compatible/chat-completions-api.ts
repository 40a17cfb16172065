import type { ChatRequest } from '../chat.ts';
import { createOpenAiReader } from '../chat-completions/reader.ts';
import { type ChatCall, type ChatContext, imageMaker } from './chat-api.ts';
import { toOpenAiChat } from './chat-request.ts';

/** Over `/chat/completions`, in the way of a server. @throws ProviderError `REJECTED` for what cannot be sent over it */
export function askChatCompletions(request: ChatRequest, context: ChatContext): ChatCall {
  const { name, options, model, finishGraceMs, http } = context;
  const thinkTags = model.thinkTags ?? options.thinkTags;
  const dialect = { ...options, ...model };
  return {
    path: options.chatPath,
    body: toOpenAiChat(request, dialect),
    reader: createOpenAiReader({
      name,
      thinkTags,
      finishGraceMs,
      reasoningHistory: dialect.reasoningHistory,
      http,
      toImage: imageMaker(request, context),
    }),
  };
}
