import { isObject, type Json } from '../http/json.ts';
import type { CallPiece } from '../kit/tool-calls.ts';

const NONE: readonly CallPiece[] = [];

/** The calls, or the pieces of them, in a delta or in a whole message. */
export function toCallPieces({ tool_calls, function_call }: Json): readonly CallPiece[] {
  if (tool_calls == null && function_call == null) return NONE;
  const list = (Array.isArray(tool_calls) ? tool_calls : [tool_calls]).filter(isObject);
  // Without an index, those of one list are told apart by their places in it.
  const pieces = list.flatMap((call, at) => toPiece(call, call.index ?? (list.length > 1 ? at : undefined)));
  // As before there were several: https://platform.openai.com/docs/api-reference/chat/create#chat-create-function_call
  return pieces.length === 0 && isObject(function_call) ? toPiece(function_call, 'function_call') : pieces;
}

/** None where nothing is said: an object that is empty is one of the ways to say so. */
function toPiece(call: Json, key: unknown): CallPiece[] {
  const said = isObject(call.function) ? call.function : call;
  const piece = {
    key: toKey(key),
    callId: toText(call.id),
    name: toText(said.name),
    text: toArguments(said.arguments),
  };
  return piece.callId === '' && piece.name === '' && piece.text === '' ? [] : [piece];
}

function toKey(value: unknown): CallPiece['key'] {
  return typeof value === 'number' || typeof value === 'string' ? value : undefined;
}

function toText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Some send the object itself. */
function toArguments(value: unknown): string {
  return isObject(value) ? JSON.stringify(value) : toText(value);
}
