import { randomUUID } from 'node:crypto';
import { type Answer, answer } from './answer.ts';
import type { Address, Api } from './api.ts';
import { Failed } from './failed.ts';
import type { ChatInput, ChatMessageInput, ContentPartInput, ReasoningEffort } from './generated/graphql.ts';
import { upload } from './upload.ts';

/** How a question is asked, and how its answer is written. */
export interface AskFlags {
  readonly model?: string;
  /** Files. */
  readonly attach?: readonly string[];
  /** A JSON Schema. */
  readonly schema?: unknown;
  readonly effort?: Lowercase<ReasoningEffort>;
  readonly json?: true;
}

/** Asks what was said last, with all that was said before. @throws Failed */
export type Ask = (messages: readonly ChatMessageInput[], signal: AbortSignal) => Promise<Answer>;

/** Sends the attached files ahead. @throws Failed */
export async function createAsk(address: Address, api: Api, flags: AskFlags): Promise<Ask> {
  const { attach = [], schema, json = false } = flags;
  let media = await upload(address, attach);
  return async (messages, signal) => {
    const ask = () => answer(api, toInput(messages, media, flags), { json, wantsObject: schema !== undefined, signal });
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Failed) || error.code !== 'MEDIA_NOT_FOUND') throw error;
      media = await upload(address, attach); // The server keeps them for a while only.
      return await ask();
    }
  };
}

function toInput(
  messages: readonly ChatMessageInput[],
  media: readonly ContentPartInput[],
  { model, schema, effort }: AskFlags,
): ChatInput {
  return {
    id: randomUUID(), // So that after a lost connection the rest of the answer can be had.
    messages: withMedia(messages, media),
    model,
    ...(schema === undefined ? {} : { responseFormat: { jsonSchema: { schema } } }),
    ...(effort === undefined ? {} : { reasoningEffort: effort.toUpperCase() as ReasoningEffort }),
  };
}

/** They belong to the first question. */
function withMedia(messages: readonly ChatMessageInput[], media: readonly ContentPartInput[]): ChatMessageInput[] {
  const first = messages.findIndex(({ role }) => role === 'USER');
  if (media.length === 0) return [...messages];
  return messages.map((message, at) =>
    at === first ? { role: 'USER', parts: [...media, { text: message.content ?? '' }] } : message,
  );
}
