import type { ChatMessage, InputPart, ToolCall } from '../chat.ts';
import { toArgumentsText } from '../kit/call-arguments.ts';
import { createCallIds, toFit } from '../kit/call-ids.ts';
import { textOf } from '../kit/prompt.ts';
import { toContent } from './content.ts';
import { skeletonOf } from './continuation.ts';

interface InputOptions {
  /** Who speaks for us: reasoning models listen to the developer. */
  readonly systemRole: 'system' | 'developer';
  /** Whose continuations are understood. */
  readonly dialect: string;
}

/** A history as items: https://platform.openai.com/docs/api-reference/responses/create#responses-create-input */
export function toInput(messages: readonly ChatMessage[], { systemRole, dialect }: InputOptions): readonly object[] {
  const ids = createCallIds();

  const toCall = ({ callId, name, argumentsText }: ToolCall): object => ({
    type: 'function_call',
    call_id: ids.next(callId),
    name: toFit(name),
    arguments: toArgumentsText(argumentsText),
  });

  function toItems(message: ChatMessage): readonly object[] {
    switch (message.role) {
      case 'SYSTEM':
        return [{ role: systemRole, content: toFilled(message.parts) }];
      case 'USER':
        return [{ role: 'user', content: toFilled(message.parts) }];
      case 'ASSISTANT':
        return toAnswerItems(message, dialect, toCall);
      case 'TOOL':
        return [{ type: 'function_call_output', call_id: ids.of(message.callId), output: toOutput(message) }];
    }
  }
  return messages.flatMap(toItems);
}

/** A message has to have content. */
function toFilled(parts: readonly InputPart[]): readonly object[] {
  const content = toContent(parts);
  return content.length > 0 ? content : [{ type: 'input_text', text: '' }];
}

type Answer = Extract<ChatMessage, { role: 'ASSISTANT' }>;

function toAnswerItems(message: Answer, dialect: string, toCall: (call: ToolCall) => object): readonly object[] {
  const text = textOf(message);
  const calls = message.toolCalls.values();
  let end = 0;
  const skeleton = skeletonOf(message, dialect) ?? [text.length, ...message.toolCalls.map(({ callId }) => callId)];
  return skeleton.flatMap((item): readonly object[] => {
    if (typeof item === 'object') return [item];
    if (typeof item === 'string') return calls.take(1).map(toCall).toArray();
    end += item;
    return item === 0 ? [] : [toAnswerText(text.slice(end - item, end))];
  });
}

function toAnswerText(text: string): object {
  return { role: 'assistant', content: [{ type: 'output_text', text }] };
}

/** A text, or, where there are media, a list of parts. There is no field for a tool that failed. */
function toOutput({ parts, isError }: Extract<ChatMessage, { role: 'TOOL' }>): string | readonly object[] {
  const told: readonly InputPart[] = isError ? [{ type: 'text', text: 'Error: ' }, ...parts] : parts;
  if (told.every((part) => part.type === 'text')) return told.map(({ text }) => text).join('');
  return toContent(told);
}
