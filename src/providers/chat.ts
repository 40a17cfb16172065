import type { ChatOptions } from './capabilities.ts';

/** What a provider is asked, once the gateway has looked it over: a history in which every result has its call. */
export interface ChatRequest extends ChatOptions {
  /** One of the provider's model names, never an alias. */
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** What the model may call, each with another name. Absent: nothing. */
  readonly tools?: readonly Tool[] | undefined;
  /** Absent: the model decides. */
  readonly toolChoice?: ToolChoice | undefined;
  /** Absent: text. */
  readonly responseFormat?: ResponseFormat | undefined;
  /** What the caller wants this provider to be sent as well; what we send ourselves wins. */
  readonly providerOptions?: Readonly<Record<string, unknown>> | undefined;
}

export type ChatMessage =
  | { readonly role: 'SYSTEM'; readonly parts: readonly TextPart[] }
  | { readonly role: 'USER'; readonly parts: readonly InputPart[] }
  | {
      readonly role: 'ASSISTANT';
      readonly parts: readonly TextPart[];
      readonly toolCalls: readonly ToolCall[];
      readonly continuation: Continuation | null;
    }
  /** The result of a call in an earlier message, or, where the tool failed, how. */
  | {
      readonly role: 'TOOL';
      readonly callId: string;
      readonly name: string;
      readonly parts: readonly InputPart[];
      readonly isError: boolean;
    };

export type InputPart = TextPart | MediaPart;

export interface TextPart {
  readonly type: 'text';
  readonly text: string;
}

export interface MediaPart {
  readonly type: 'image' | 'audio' | 'file';
  /** http(s), where the provider takes such links, or a data: URI in base64. */
  readonly url: string;
  /** Null: not known. */
  readonly mediaType: string | null;
  readonly name: string | null;
  /** Of a picture: how closely it is looked at. */
  readonly detail: ImageDetail | null;
}

export type ImageDetail = 'AUTO' | 'LOW' | 'HIGH';

export interface ToolCall {
  /** Unique in its chat, and nowhere else. */
  readonly callId: string;
  readonly name: string;
  /** As the model wrote it: JSON of an object, or what it took for that. */
  readonly argumentsText: string;
}

/** Of the `callId` of a call: gateways put what a model signed into it (LiteLLM's for Gemini: https://github.com/BerriAI/litellm/pull/16895). */
export const MAX_CALL_ID_LENGTH = 16_384;

export interface Tool {
  readonly name: string;
  readonly description?: string | undefined;
  /** A JSON Schema of an object. Absent: there are no arguments. */
  readonly parameters?: Readonly<Record<string, unknown>> | undefined;
  readonly strict?: boolean | undefined;
}

export type ToolMode = 'AUTO' | 'NONE' | 'REQUIRED';

/** A mode, or the one tool that has to be called. */
export type ToolChoice = { readonly mode: ToolMode } | { readonly tool: string };

export type ResponseFormat =
  | { readonly type: 'TEXT' }
  | { readonly type: 'JSON' }
  | {
      readonly type: 'JSON_SCHEMA';
      readonly name?: string | undefined;
      readonly description?: string | undefined;
      readonly schema: unknown;
      readonly strict?: boolean | undefined;
    };

/** What a provider wants to see again with an answer of its own, such as signed thinking. */
export interface Continuation {
  /** Who understands it. What comes of another dialect is left out. */
  readonly dialect: string;
  /** It has been outside: as little to be trusted as any input. */
  readonly data: unknown;
}

/** One piece of an answer, as the upstream sent it. */
export type ChatPart =
  | { readonly type: 'text-delta'; readonly text: string }
  | { readonly type: 'reasoning-delta'; readonly text: string }
  /** A piece of the arguments of a call. Calls have indexes from 0, in the order in which they begin. */
  | ({ readonly type: 'tool-call-delta'; readonly index: number; readonly text: string } & Omit<
      ToolCall,
      'argumentsText'
    >)
  /** A whole call, behind its deltas. */
  | ({ readonly type: 'tool-call'; readonly index: number } & ToolCall)
  | { readonly type: 'image'; readonly image: Image }
  | ({ readonly type: 'source' } & Source)
  | {
      readonly type: 'finish';
      readonly reason: FinishReason;
      /** The upstream's own word for it; null where it has none. */
      readonly rawReason: string | null;
      /** Null where the upstream tells none. */
      readonly usage: Usage | null;
      readonly continuation?: Continuation | null;
      /** The model that answered, as the upstream calls it; absent where it does not say. */
      readonly model?: string;
    };

export interface Image {
  /** Where it is: http(s), or a data: URI where the upstream sent the bytes. */
  readonly url: string;
  /** The prompt used. */
  readonly alt: string;
}

/** What an answer cites. */
export interface Source {
  readonly url: string;
  readonly title: string | null;
}

export type FinishReason = 'STOP' | 'LENGTH' | 'CONTENT_FILTER' | 'TOOL_CALLS' | 'CANCELLED' | 'OTHER';

/** Tokens, as the upstream counted them; null where it did not. */
export interface Usage {
  readonly promptTokens: number | null;
  /** Of those of the prompt, the ones that were read from the upstream's cache. */
  readonly cachedPromptTokens: number | null;
  /** Of those of the prompt, the ones that were written to it. */
  readonly cacheWriteTokens: number | null;
  readonly completionTokens: number | null;
  readonly reasoningTokens: number | null;
  readonly totalTokens: number | null;
}
