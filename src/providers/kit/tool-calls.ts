import { randomUUID } from 'node:crypto';
import { type ChatPart, MAX_CALL_ID_LENGTH } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import { isObject, parseJson } from '../http/json.ts';
import { pushPart } from './parts.ts';

/** What an upstream says of a call at once: a piece of it, or all. What it does not tell is empty. */
export interface CallPiece {
  /** Which of the answer's calls it is of: the upstream's own number or name for its place. */
  readonly key: number | string | undefined;
  readonly callId: string;
  /** The name, or, before there are arguments, the next piece of it. */
  readonly name: string;
  /** The next piece of the arguments. */
  readonly text: string;
}

/** The calls of one answer. */
export interface ToolCalls {
  /** How many have begun. */
  readonly count: number;
  /** Whether each of them has all of its arguments, as far as these tell. */
  readonly areWhole: boolean;
  /** Adds what a piece says, as far as that can be told. @throws ProviderError for what can be no call */
  add(parts: ChatPart[], piece: CallPiece): void;
  /**
   * Adds the whole calls of an answer that is complete.
   * @param isCut the answer may have ended within a call: one whose arguments are no object is none then
   * @throws ProviderError for a call without a name
   */
  end(parts: ChatPart[], isCut: boolean): void;
}

interface Call {
  readonly index: number;
  /** The upstream's. */
  id: string;
  /** Ours; empty until something has been told of the call. */
  callId: string;
  name: string;
  text: string;
  /** What of the text has not been told, as the name was not known. */
  held: string;
  isWhole: boolean;
}

const MAX_CALLS = 1_000;
const MAX_HELD = 65_536;

/**
 * Makes parts of the pieces of calls, in whatever order they come. A piece without a key belongs to the call of its id, or
 * else to the last one. Where several calls have one key, or none has an id, another id with a name begins a call, and so
 * does another name, or arguments that are whole, once there are arguments.
 * @param name the upstream's, as messages show it
 */
export function createToolCalls(name: string): ToolCalls {
  const calls: Call[] = [];
  const byKey = new Map<number | string, Call>();
  const byId = new Map<string, Call>();
  const callIds = new Set<string>();
  let last: Call | undefined;

  const broken = (what: string) => new ProviderError('BAD_RESPONSE', `${name} sent ${what}`);

  function find(piece: CallPiece): Call | undefined {
    const known = piece.key === undefined ? (byId.get(piece.callId) ?? last) : byKey.get(piece.key);
    return known && !isAnother(known, piece) ? known : undefined;
  }

  /** Where one begins, that before it may be whole: who runs it need not wait. Whole ones are told in their order. */
  function begin(parts: ChatPart[], { key }: CallPiece): Call {
    const before = calls.at(-1);
    const isNext = before && (calls.at(-2)?.isWhole ?? true);
    if (isNext && before.name !== '' && isJsonObject(before.text)) tellWhole(parts, before);
    if (calls.length === MAX_CALLS) throw new ProviderError('TOO_LARGE', `${name} sent more than ${MAX_CALLS} calls`);
    const call = { index: calls.length, id: '', callId: '', name: '', text: '', held: '', isWhole: false };
    calls.push(call);
    if (key !== undefined) byKey.set(key, call);
    return call;
  }

  function identify(call: Call, { callId, name }: CallPiece) {
    if (call.id === '' && callId !== '') {
      call.id = callId;
      byId.set(callId, call);
    }
    if (call.callId === '' && name !== call.name) call.name += name; // Some send it with every piece.
  }

  function tell(parts: ChatPart[], call: Call) {
    const { index, name, held: text } = call;
    if (call.callId === '') {
      const isOurs = call.id === '' || call.id.length > MAX_CALL_ID_LENGTH || callIds.has(call.id);
      call.callId = isOurs ? `call_${randomUUID().replaceAll('-', '')}` : call.id;
      callIds.add(call.callId);
    }
    if (text === '') return;
    pushPart(parts, { type: 'tool-call-delta', index, callId: call.callId, name, text });
    call.held = '';
  }

  function tellWhole(parts: ChatPart[], call: Call) {
    if (call.name === '') throw broken('a call without a name');
    tell(parts, call);
    const { index, callId, name, text: argumentsText } = call;
    parts.push({ type: 'tool-call', index, callId, name, argumentsText });
    call.isWhole = true;
  }

  return {
    get count() {
      return calls.length;
    },
    get areWhole() {
      return calls.every(({ isWhole, text }) => isWhole || text.trim() === '' || isJsonObject(text));
    },
    add(parts, piece) {
      const call = find(piece) ?? begin(parts, piece);
      const { text } = piece;
      last = call;
      identify(call, piece);
      if (isSaidAgain(call, piece)) return;
      if (call.isWhole && text.trim() !== '') throw broken('more of a call that was whole');
      call.text += text;
      call.held += text;
      if (text !== '' && call.name !== '') tell(parts, call);
      if (call.held.length + call.name.length > MAX_HELD) throw broken('a call without an end of its name');
    },
    end(parts, isCut) {
      for (const call of calls) {
        if (!call.isWhole && (!isCut || isJsonObject(call.text))) tellWhole(parts, call);
      }
    },
  };
}

/** Whether a piece that seems to be of a call is the first of another. */
function isAnother(call: Call, { key, callId, name, text }: CallPiece): boolean {
  if (callId !== '' && call.id !== '') return callId !== call.id && (key === undefined || name !== '');
  return name !== '' && call.callId !== '' && (name !== call.name || isJsonObject(text));
}

/** Some say a whole call once more at the end. */
function isSaidAgain(call: Call, { callId, text }: CallPiece): boolean {
  return callId !== '' && callId === call.id && text === call.text && isJsonObject(text);
}

function isJsonObject(text: string): boolean {
  const value = text === '' ? undefined : parseJson(text);
  return isObject(value) && !Array.isArray(value);
}
