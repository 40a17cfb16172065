import type { ChatRequest, Image } from '../chat.ts';
import type { HttpClient } from '../http/client.ts';
import type { Json } from '../http/json.ts';
import type { ChatReader } from '../kit/chat-reader.ts';
import { toImage } from '../kit/image-answer.ts';
import { imagePrompt } from '../kit/prompt.ts';
import type { ConfiguredModel } from './model-list.ts';
import type { OpenAiOptions } from './options.ts';

/** What a chat is asked with over one of the protocols, and who reads its answer. */
export interface ChatCall {
  /** Behind the base URL. */
  readonly path: string;
  readonly body: Json;
  readonly reader: ChatReader<[data: string, type: string]>;
}

/** The server that is asked. */
export interface ChatContext {
  readonly id: string;
  readonly name: string;
  readonly options: OpenAiOptions;
  /** The model, as far as it is configured. */
  readonly model: Partial<ConfiguredModel>;
  /** What is sent beside what we send, which wins. */
  readonly extra: Json;
  readonly finishGraceMs: number;
  readonly http: HttpClient;
}

/** Asks over one of the protocols. */
export type ChatApi = (request: ChatRequest, context: ChatContext) => ChatCall;

/** Makes pictures of what stands where one should be in the answer to this. */
export function imageMaker(
  { messages }: ChatRequest,
  { name, options: { baseUrl } }: ChatContext,
): (item: unknown) => Image {
  const about = { name, prompt: imagePrompt(messages), baseUrl };
  return (item) => toImage(item, about);
}
