import type { Span } from '@opentelemetry/api';
import type { Observation, ProviderCall } from '../gateway/call-observer.ts';
import type { ChatMessage, ChatPart, FinishReason, InputPart, ToolCall } from '../providers/chat.ts';
import { ATTRIBUTE } from './attributes.ts';

/** What a model is asked, as the conventions have it, in JSON. The bytes of media are left out. */
export function inputMessages(call: ProviderCall): string {
  if (call.kind === 'CHAT') return JSON.stringify(call.request.messages.map(toMessage));
  return JSON.stringify([{ role: 'user', parts: [{ type: 'text', content: call.request.prompt }] }]);
}

function toMessage(message: ChatMessage): object {
  const parts = message.parts.map(toPart);
  switch (message.role) {
    case 'ASSISTANT':
      return { role: 'assistant', parts: [...parts, ...message.toolCalls.map(toCall)] };
    case 'TOOL':
      return { role: 'tool', parts: [{ type: 'tool_call_response', id: message.callId, response: parts }] };
    default:
      return { role: message.role.toLowerCase(), parts };
  }
}

function toPart(part: InputPart): object {
  if (part.type === 'text') return { type: 'text', content: part.text };
  const about = { modality: part.type, mime_type: part.mediaType };
  return /^data:/i.test(part.url) ? { type: 'blob', ...about, content: '' } : { type: 'uri', ...about, uri: part.url };
}

function toCall({ callId, name, argumentsText }: ToolCall): object {
  return { type: 'tool_call', id: callId, name, arguments: argumentsText };
}

/** The same observation, which puts the answer into the span when it ends, however it ends. */
export function captureAnswer(span: Span, observation: Observation): Observation {
  let text = '';
  let reasoning = '';
  let finishReason: FinishReason | 'ERROR' = 'ERROR';
  const calls: object[] = [];

  function add(part: ChatPart | undefined) {
    if (part?.type === 'text-delta') text += part.text;
    else if (part?.type === 'reasoning-delta') reasoning += part.text;
    else if (part?.type === 'tool-call') calls.push(toCall(part));
  }

  return {
    ...observation,
    firstPart(part) {
      add(part);
      observation.firstPart(part);
    },
    part: add,
    succeeded(outcome) {
      finishReason = outcome.reason;
      observation.succeeded(outcome);
    },
    end() {
      const parts = [
        ...(reasoning === '' ? [] : [{ type: 'reasoning', content: reasoning }]),
        ...(text === '' ? [] : [{ type: 'text', content: text }]),
        ...calls,
      ];
      const message = { role: 'assistant', parts, finish_reason: finishReason.toLowerCase() };
      span.setAttribute(ATTRIBUTE.outputMessages, JSON.stringify([message]));
      observation.end();
    },
  };
}
