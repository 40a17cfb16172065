import * as z from 'zod';
import type { ChatInput, ChatMessageInput, ChatWithToolsSubscription } from './generated/graphql.ts';

type ChatEvent = ChatWithToolsSubscription['chat'];
type ToolCall = Extract<ChatEvent, { __typename: 'ChatToolCall' }>;

/** Streams one chat: each event goes to `next`, and it resolves after the last. Every client has its own. */
export type Ask = (input: ChatInput, next: (event: ChatEvent) => void) => Promise<void>;

const City = z.object({ city: z.string().describe('Such as Oslo') });
const TOOLS = [{ name: 'weather', description: 'What the weather is in a city', parameters: z.toJSONSchema(City) }];
const MOST_TURNS = 10;

/** The result of a call, for the model. What went wrong goes to it too: it may try again. */
async function run({ callId, name, arguments: given }: ToolCall): Promise<ChatMessageInput> {
  try {
    if (name !== 'weather') throw new Error(`there is no tool '${name}'`);
    const { city } = City.parse(given); // A model may write anything: null is what was no object.
    return { role: 'TOOL', toolCallId: callId, content: JSON.stringify({ city, celsius: 12, sky: 'light rain' }) };
  } catch (error) {
    return { role: 'TOOL', toolCallId: callId, isError: true, content: `${error}` };
  }
}

/** Asks until there is an answer in words. */
export async function converse(ask: Ask, model: string, question: string): Promise<string> {
  const messages: ChatMessageInput[] = [{ role: 'USER', content: question }];
  for (let turn = 0; turn < MOST_TURNS; turn++) {
    const { text, calls, continuation } = await readAnswer(ask, { model, messages, tools: TOOLS });
    if (calls.length === 0) return text;
    const toolCalls = calls.map(({ callId, name, argumentsText }) => ({ id: callId, name, argumentsText }));
    messages.push({ role: 'ASSISTANT', content: text, toolCalls, continuation });
    messages.push(...(await Promise.all(calls.map(run))));
  }
  throw new Error(`The model went on calling tools for ${MOST_TURNS} turns.`);
}

interface Answer {
  text: string;
  /** The arguments of each call, as far as they are written. */
  drafts: string[];
  calls: ToolCall[];
  continuation: string | null;
  failure: string | null;
}

const begin = (): Answer => ({ text: '', drafts: [], calls: [], continuation: null, failure: null });

async function readAnswer(ask: Ask, question: ChatInput): Promise<Answer> {
  let answer = begin();
  await ask({ id: crypto.randomUUID(), ...question }, (event) => {
    switch (event.__typename) {
      case 'ChatStarted': // It voids what came before, calls too.
        answer = begin();
        break;
      case 'ChatDelta':
        answer.text += event.text;
        break;
      case 'ChatToolCallDelta': // For people who look on. Several calls may be written at the same time.
        answer.drafts[event.index] = (answer.drafts[event.index] ?? '') + event.text;
        console.log(`… ${event.name} ${answer.drafts[event.index]}`);
        break;
      case 'ChatToolCall': // To be run after the end, as the answer may still break off.
        console.log(`${event.name} ${event.argumentsText}`);
        answer.calls.push(event);
        break;
      case 'ChatFinished':
        answer.continuation = event.continuation;
        break;
      case 'ChatFailed':
        answer.failure = event.message;
        break;
      default: // Other types of events may come: they are passed over.
    }
  });
  if (answer.failure !== null) throw new Error(answer.failure);
  return answer;
}
