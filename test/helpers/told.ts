import { expect } from 'vitest';
import { overSse, overWebSocket, type Result, withDeltasJoined } from './clients.ts';

/** A chat with all that `told` looks at. */
export const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatStarted { model { id } }
    ... on ChatDelta { text offset }
    ... on ChatReasoningDelta { text offset }
    ... on ChatImage { image { url } }
    ... on ChatFinished { finishReason rawFinishReason length usage { promptTokens completionTokens totalTokens } }
    ... on ChatFailed { code message retryable retryAfterMs attempts { code retryAfterMs } }
  }
}`;

export const streams = [
  ['SSE', overSse],
  ['WebSocket', overWebSocket],
] as const;

/** What a client was told, in one object. */
export interface Told {
  text?: string;
  thinking?: string;
  images?: string[];
  finished?: string;
  raw?: string | null;
  usage?: unknown;
  failed?: string;
  message?: string;
  retryable?: boolean;
  retryAfterMs?: number | null;
}

export function told(results: readonly Result[]): Told {
  const said: Told = {};
  let ends = 0;
  for (const { data = {}, errors } of withDeltasJoined(results)) {
    expect(errors).toBeUndefined();
    const { __typename: type, ...event } = Object(data).chat as Record<string, never>;
    if (type === 'ChatDelta') said.text = (said.text ?? '') + event.text;
    else if (type === 'ChatReasoningDelta') said.thinking = (said.thinking ?? '') + event.text;
    else if (type === 'ChatImage')
      said.images = [...(said.images ?? []), (event.image as unknown as { url: string }).url];
    else if (type === 'ChatFinished') {
      ends++;
      expect(event.length).toBe(said.text?.length ?? 0);
      Object.assign(said, { finished: event.finishReason, raw: event.rawFinishReason, usage: event.usage });
    } else if (type === 'ChatFailed') {
      ends++;
      const { code: failed, message, retryable, retryAfterMs } = event;
      Object.assign(said, { failed, message, retryable, retryAfterMs });
    }
  }
  expect(ends).toBe(1);
  return said;
}
