import type { ChatMessage, InputPart, TextPart, ToolCall } from '../../providers/chat.ts';
import { isObject } from '../../providers/http/json.ts';
import { badInput } from '../input-errors.ts';
import { decodeContinuation } from './continuation.ts';
import type { MessageInput, PartInput, ToolCallInput } from './message-input.ts';

/** Which fields a role has beside its text. */
const FIELDS: Readonly<Record<ChatMessage['role'], readonly (keyof MessageInput)[]>> = {
  SYSTEM: [],
  USER: [],
  ASSISTANT: ['toolCalls', 'continuation'],
  TOOL: ['toolCallId', 'isError'],
};
const OF_SOME = ['toolCalls', 'continuation', 'toolCallId', 'isError'] as const;

/**
 * A conversation as providers get it. Each result stands behind its call, before anything else is said.
 * @throws GraphQLError `BAD_USER_INPUT` with the field's path
 */
export function toMessages(messages: readonly MessageInput[]): readonly ChatMessage[] {
  if (messages.every(isBlank)) throw badInput('input.messages', 'expected a message that is not blank');
  const calls = createCallLedger();
  const told = messages.map((message, at) => {
    const path = `input.messages.${at}`;
    const field = OF_SOME.find((one) => message[one] !== undefined && !FIELDS[message.role].includes(one));
    if (field !== undefined) throw badInput(`${path}.${field}`, `a message of the role ${message.role} has none`);
    if (message.role !== 'TOOL') calls.expectNone();
    return toMessage(message, path, calls);
  });
  if (messages.at(-1)?.role === 'TOOL') calls.expectNone();
  return told;
}

function toMessage(message: MessageInput, path: string, calls: CallLedger): ChatMessage {
  const { role } = message;
  switch (role) {
    case 'SYSTEM':
      return { role, parts: onlyText(message, path) };
    case 'USER':
      return { role, parts: toParts(message, path) };
    case 'ASSISTANT': {
      const toolCalls = (message.toolCalls ?? []).map((call, at) => toCall(call, `${path}.toolCalls.${at}`));
      for (const [at, call] of toolCalls.entries()) calls.add(call, `${path}.toolCalls.${at}`);
      return { role, parts: onlyText(message, path), toolCalls, continuation: toContinuation(message, path) };
    }
    case 'TOOL': {
      if (message.toolCallId === undefined) throw badInput(`${path}.toolCallId`, 'expected the id of the call');
      const { callId, name } = calls.settle(message.toolCallId, `${path}.toolCallId`);
      return { role, callId, name, parts: toParts(message, path), isError: message.isError ?? false };
    }
  }
}

interface CallLedger {
  add(call: ToolCall, path: string): void;
  /** The call of a result. */
  settle(callId: string, path: string): ToolCall;
  expectNone(): void;
}

/** The calls of an answer that have no result yet. */
function createCallLedger(): CallLedger {
  const open = new Map<string, { readonly call: ToolCall; readonly path: string }>();
  return {
    add(call, path) {
      if (open.has(call.callId)) throw badInput(`${path}.id`, `another call of this message is '${call.callId}'`);
      open.set(call.callId, { call, path });
    },
    settle(callId, path) {
      const found = open.get(callId);
      if (!found) throw badInput(path, `no call before it that has no result yet is '${callId}'`);
      open.delete(callId);
      return found.call;
    },
    expectNone() {
      for (const { call, path } of open.values()) {
        throw badInput(path, `expected a message of the role TOOL with the result of '${call.callId}' behind it`);
      }
    },
  };
}

function toParts({ role, content, parts, toolCalls }: MessageInput, path: string): readonly InputPart[] {
  if (content !== undefined && parts !== undefined) throw badInput(`${path}.parts`, 'expected either content or parts');
  if (parts !== undefined) {
    if (parts.length === 0) throw badInput(`${path}.parts`, 'expected at least one part');
    return parts.map(toPart);
  }
  if (content !== undefined) return content === '' && toolCalls?.length ? [] : [{ type: 'text', text: content }];
  if (role === 'ASSISTANT' && toolCalls?.length) return [];
  throw badInput(`${path}.content`, 'expected content or parts');
}

function onlyText(message: MessageInput, path: string): readonly TextPart[] {
  return toParts(message, path).map((part, at) => {
    if (part.type === 'text') return part;
    throw badInput(`${path}.parts.${at}.${part.type}`, `a message of the role ${message.role} is text`);
  });
}

function toPart({ text = '', image, audio, file }: PartInput): InputPart {
  const [type, media] = image
    ? (['image', image] as const)
    : audio
      ? (['audio', audio] as const)
      : ['file' as const, file];
  if (!media) return { type: 'text', text };
  const { url, mediaType = null, name = null, detail = null } = media;
  return { type, url, mediaType, name, detail };
}

function toCall({ id, name, arguments: given, argumentsText }: ToolCallInput, path: string): ToolCall {
  if ((given === undefined) === (argumentsText === undefined)) {
    throw badInput(`${path}.arguments`, 'expected either arguments or argumentsText');
  }
  if (argumentsText !== undefined) return { callId: id, name, argumentsText };
  if (!isObject(given) || Array.isArray(given)) throw badInput(`${path}.arguments`, 'expected an object');
  return { callId: id, name, argumentsText: JSON.stringify(given) };
}

function toContinuation({ continuation }: MessageInput, path: string) {
  if (continuation === undefined) return null;
  const decoded = decodeContinuation(continuation);
  if (decoded) return decoded;
  throw badInput(`${path}.continuation`, 'expected it as it came, letter for letter');
}

function isBlank({ content = '', parts = [], toolCalls = [] }: MessageInput): boolean {
  const texts = [content, ...parts.map(({ text }) => (text === undefined ? 'media' : text))];
  return toolCalls.length === 0 && texts.every((text) => text.trim() === '');
}
