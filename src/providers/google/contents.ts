import type { ChatMessage, ToolCall } from '../chat.ts';
import { isObject, parseJson } from '../http/json.ts';
import { toArgumentsObject } from '../kit/call-arguments.ts';
import { textOf } from '../kit/prompt.ts';
import { fromContinuation } from './continuation.ts';
import type { Ways } from './families.ts';
import { type Part, toParts } from './media.ts';
import type { ToolNames } from './tool-names.ts';

export interface History {
  /** What all messages of the system say, wherever they stand: there is no place for them among the others. */
  readonly systemInstruction?: { readonly parts: readonly Part[] };
  /** Users and models take turns. */
  readonly contents: readonly Content[];
}

interface Content {
  readonly role: 'user' | 'model';
  readonly parts: Part[];
}

type Answer = Extract<ChatMessage, { role: 'ASSISTANT' }>;
type Result = Extract<ChatMessage, { role: 'TOOL' }>;

/** Lets a call pass that Gemini did not sign: https://ai.google.dev/gemini-api/docs/thought-signatures (read 2026-11-27) */
const UNSIGNED = 'skip_thought_signature_validator';

/** A history, with what earlier answers need to see again of themselves. */
export function toHistory(messages: readonly ChatMessage[], ways: Ways, names: ToolNames): History {
  const contents: Content[] = [];
  /** What calls are called there, by our ids. Null: they came without one. */
  const ids = new Map<string, string | null>();

  function say(role: Content['role'], parts: readonly Part[]) {
    if (parts.length === 0) return;
    const last = contents.at(-1);
    if (last?.role === role) last.parts.push(...parts);
    else contents.push({ role, parts: [...parts] });
  }

  function toCall({ callId, name, argumentsText }: ToolCall, id: string | null): Part {
    ids.set(callId, id);
    return {
      functionCall: { ...(id !== null && { id }), name: names.toTheirs(name), args: toArgumentsObject(argumentsText) },
    };
  }

  function toAnswer(message: Answer): readonly Part[] {
    const parts = fromContinuation(message, toCall) ?? [
      ...toParts(message.parts),
      ...message.toolCalls.map((call) => toCall(call, call.callId)),
    ];
    const first = parts.findIndex((part) => 'functionCall' in part);
    if (!ways.signs || first < 0 || parts[first]?.thoughtSignature !== undefined) return parts;
    return parts.with(first, { ...parts[first], thoughtSignature: UNSIGNED });
  }

  for (const [at, message] of messages.entries()) {
    if (message.role === 'USER') say('user', toParts(message.parts));
    if (message.role === 'ASSISTANT') say('model', toAnswer(message));
    if (message.role !== 'TOOL') continue;
    say('user', [toResult(message, ids.get(message.callId) ?? null, ways, names)]);
    if (!ways.signs && messages[at + 1]?.role !== 'TOOL') say('user', toMedia(messages.slice(0, at + 1)));
  }
  return withSystem(messages, contents, ways);
}

/** What the tool says is told as JSON where it is some. https://ai.google.dev/api/caching#FunctionResponse (read 2026-11-27) */
function toResult(message: Result, id: string | null, ways: Ways, names: ToolNames): Part {
  const text = textOf(message);
  const said = parseJson(text);
  const media = ways.signs ? message.parts.filter((part) => part.type !== 'text') : [];
  return {
    functionResponse: {
      ...(id !== null && { id }),
      name: names.toTheirs(message.name),
      response: message.isError ? { error: text } : { output: isObject(said) ? said : text },
      ...(media.length > 0 && { parts: toParts(media) }),
    },
  };
}

/** The media in the results that end a history, for models that take none in results: they stand behind all of those. */
function toMedia(messages: readonly ChatMessage[]): readonly Part[] {
  const begin = messages.findLastIndex(({ role }) => role !== 'TOOL') + 1;
  return messages.slice(begin).flatMap((message) => {
    const media = message.parts.filter((part) => part.type !== 'text');
    if (message.role !== 'TOOL' || media.length === 0) return [];
    return [{ text: `From the result of ${message.name}:` }, ...toParts(media)];
  });
}

/** Where nothing is said but by the system, or the model knows no system, its text is the user's first. */
function withSystem(messages: readonly ChatMessage[], contents: Content[], ways: Ways): History {
  const parts = messages.flatMap((message) => (message.role === 'SYSTEM' ? toParts(message.parts) : []));
  if (parts.length === 0) return { contents };
  if (ways.system && contents.length > 0) return { systemInstruction: { parts }, contents };
  const first = contents.findIndex(({ role }) => role === 'user');
  const user = contents[first];
  if (!user) return { contents: [{ role: 'user', parts }, ...contents] };
  return { contents: contents.with(first, { role: 'user', parts: [...parts, ...user.parts] }) };
}
