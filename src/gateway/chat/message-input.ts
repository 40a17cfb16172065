import type { ChatMessage, ImageDetail } from '../../providers/chat.ts';

/** A message as a client writes it: one shape for all roles, of which each has its fields. */
export interface MessageInput {
  readonly role: ChatMessage['role'];
  /** What is said, as one text, or in `parts`. */
  readonly content?: string | undefined;
  readonly parts?: readonly PartInput[] | undefined;
  readonly toolCalls?: readonly ToolCallInput[] | undefined;
  readonly toolCallId?: string | undefined;
  readonly isError?: boolean | undefined;
  readonly continuation?: string | undefined;
}

/** One of these. */
export interface PartInput {
  readonly text?: string | undefined;
  readonly image?: MediaInput | undefined;
  readonly audio?: MediaInput | undefined;
  readonly file?: MediaInput | undefined;
}

export interface MediaInput {
  readonly url: string;
  readonly mediaType?: string | undefined;
  readonly name?: string | undefined;
  readonly detail?: ImageDetail | undefined;
}

export interface ToolCallInput {
  readonly id: string;
  readonly name: string;
  /** One of the two: the object, or the text that the model wrote. */
  readonly arguments?: unknown;
  readonly argumentsText?: string | undefined;
}
