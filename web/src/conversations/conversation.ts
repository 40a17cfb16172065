import type { ChatInput, ChatMessageInput } from '../gql/graphql.ts';
import { type Answer, createAnswer } from './answer.ts';

/** What is asked along with each question of a conversation. */
export interface Settings {
  readonly system: string;
  readonly temperature: number | null;
  readonly maxTokens: number | null;
  /** Whether another model starts over when one breaks off. */
  readonly restarts: boolean;
}

export interface Turn {
  readonly id: string;
  readonly question: string;
  /** One for each model that was asked, side by side. */
  readonly answers: readonly Answer[];
}

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly changedAt: number;
  readonly settings: Settings;
  readonly turns: readonly Turn[];
}

export const PLAIN: Settings = { system: '', temperature: null, maxTokens: null, restarts: false };

export function createConversation(settings: Settings = PLAIN): Conversation {
  return { id: crypto.randomUUID(), title: '', changedAt: Date.now(), settings, turns: [] };
}

/** The start of the first question, cut between words. */
export function titleOf(question: string): string {
  const line = question.trim().split('\n', 1)[0] ?? '';
  return line.length <= 60 ? line : `${line.slice(0, 60).replace(/\s+\S*$/, '')} …`;
}

/** A question to one model, after these turns. Each model goes on from its own answers, where it gave any. */
export function toInput(
  { settings }: Conversation,
  { before, question, model }: { before: readonly Turn[]; question: string; model: string | null },
): ChatInput & { readonly id: string } {
  const { system, temperature, maxTokens, restarts } = settings;
  const messages: ChatMessageInput[] = system.trim() ? [{ role: 'SYSTEM', content: system }] : [];
  for (const turn of before) {
    const said = turn.answers.filter(({ text }) => text !== '');
    const own = said.find(({ asked }) => asked === model) ?? said[0];
    messages.push({ role: 'USER', content: turn.question });
    if (own) messages.push({ role: 'ASSISTANT', content: own.text });
  }
  messages.push({ role: 'USER', content: question });
  return {
    id: crypto.randomUUID(),
    messages,
    ...(model === null ? {} : { model }),
    ...(temperature === null ? {} : { temperature }),
    ...(maxTokens === null ? {} : { maxTokens }),
    ...(restarts ? { onFailure: 'RESTART' as const } : {}),
  };
}

/** The turn with the answers of these models still to come. */
export function createTurn(
  conversation: Conversation,
  { before, question, models }: { before: readonly Turn[]; question: string; models: readonly (string | null)[] },
): Turn {
  const answers = models.map((model) => createAnswer(toInput(conversation, { before, question, model })));
  return { id: crypto.randomUUID(), question, answers };
}

/** The conversation with one of its answers changed. Everything else stays the very same objects. */
export function withAnswer(conversation: Conversation, id: string, change: (answer: Answer) => Answer): Conversation {
  const turns = conversation.turns.map((turn) => {
    if (!turn.answers.some((answer) => answer.id === id)) return turn;
    return { ...turn, answers: turn.answers.map((answer) => (answer.id === id ? change(answer) : answer)) };
  });
  return { ...conversation, turns, changedAt: Date.now() };
}

export function contains({ title, turns }: Conversation, words: string): boolean {
  const wanted = words.toLowerCase();
  const has = (text: string) => text.toLowerCase().includes(wanted);
  return has(title) || turns.some(({ question, answers }) => has(question) || answers.some(({ text }) => has(text)));
}
