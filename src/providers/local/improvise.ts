import type { ChatMessage, ChatRequest } from '../chat.ts';
import { isObject } from '../http/json.ts';
import { textOf } from '../kit/prompt.ts';
import { makeExample } from './example.ts';
import type { Step } from './script.ts';

/** What is played without a script: the same for the same request. */
export function improvise(request: ChatRequest, delayMs: number): readonly Step[] {
  const pace = { chunk: 4, delayMs };
  const { messages, reasoningEffort = 'NONE' } = request;
  const answer: Step = toCall(request, pace) ?? { text: toText(request), ...pace };
  if (reasoningEffort === 'NONE') return [answer];
  return [{ reasoning: `There are ${messages.length} messages to think about.`, ...pace }, answer];
}

/** Of the first tool, or of the one that is wanted; not again where there are results already. */
function toCall({ tools = [], toolChoice = { mode: 'AUTO' }, messages }: ChatRequest, pace: Pace): Step | undefined {
  const tool = 'tool' in toolChoice ? tools.find(({ name }) => name === toolChoice.tool) : tools[0];
  if (!tool || ('mode' in toolChoice && toolChoice.mode === 'NONE') || messages.at(-1)?.role === 'TOOL')
    return undefined;
  const example = makeExample(tool.parameters ?? {});
  return { toolCall: { name: tool.name, arguments: isObject(example) ? example : {} }, ...pace };
}

type Pace = { readonly chunk: number; readonly delayMs: number };

function toText({ messages, responseFormat = { type: 'TEXT' } }: ChatRequest): string {
  if (responseFormat.type === 'JSON_SCHEMA') return JSON.stringify(makeExample(responseFormat.schema));
  const answer = lastSaid(messages);
  return responseFormat.type === 'JSON' ? JSON.stringify({ answer }) : answer;
}

/** What came last: the results of tools, or what somebody said. */
function lastSaid(messages: readonly ChatMessage[]): string {
  const results = messages.slice(messages.findLastIndex(({ role }) => role !== 'TOOL') + 1);
  if (results.length > 0) return results.map(toSentence).join(' ');
  const last = messages.at(-1);
  return last?.parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`)).join('') || 'Hello.';
}

function toSentence(message: ChatMessage): string {
  if (message.role !== 'TOOL') return '';
  return `${message.name} ${message.isError ? 'failed' : 'answered'}: ${textOf(message)}`;
}
