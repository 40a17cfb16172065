import type { ChatInput, ChatMessageInput } from '../gql/graphql.ts';
import { type Answer, createAnswer } from './answer.ts';
import type { Attachment } from './attachment.ts';
import { toHistory, toQuestion, toSteps } from './messages.ts';
import { PLAIN, type Settings, toOptions } from './settings.ts';
import type { Question, Turn } from './turn.ts';

export interface Conversation {
  readonly id: string;
  readonly title: string;
  readonly changedAt: number;
  readonly settings: Settings;
  readonly turns: readonly Turn[];
}

export function createConversation(settings: Settings = PLAIN): Conversation {
  return { id: crypto.randomUUID(), title: '', changedAt: Date.now(), settings, turns: [] };
}

/** The start of the first question, cut between words. */
export function titleOf({ question, attachments }: Question): string {
  const line = question.trim().split('\n', 1)[0] || (attachments[0]?.name ?? '');
  return line.length <= 60 ? line : `${line.slice(0, 60).replace(/\s+\S*$/, '')} …`;
}

interface Asked {
  readonly before: readonly Turn[];
  readonly question: Question;
  readonly model: string | null;
  /** What the model has answered to it, with the results of its calls: it is to go on from there. */
  readonly earlier?: readonly Answer[];
}

/** A question to one model, after these turns. */
export function toInput(
  { settings }: Conversation,
  { before, question, model, earlier = [] }: Asked,
): ChatInput & { readonly id: string } {
  const { system } = settings;
  const instructions: ChatMessageInput[] = system.trim() ? [{ role: 'SYSTEM', content: system }] : [];
  return {
    id: crypto.randomUUID(),
    messages: [...instructions, ...toHistory(before, model), toQuestion(question), ...toSteps(earlier)],
    ...(model === null ? {} : { model }),
    ...toOptions(settings, earlier.length > 0),
  };
}

/** The turn with the answers of these models still to come. */
export function createTurn(
  conversation: Conversation,
  { before, question, models }: Omit<Asked, 'model' | 'earlier'> & { readonly models: readonly (string | null)[] },
): Turn {
  const answers = models.map((model) => createAnswer(toInput(conversation, { before, question, model })));
  return { ...question, id: crypto.randomUUID(), answers };
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
  const isIn = ({ question, attachments, answers }: Turn) =>
    has(question) || attachments.some(({ name }) => has(name)) || answers.some(({ text }) => has(text));
  return has(title) || turns.some(isIn);
}

export const attachmentsOf = ({ turns }: Conversation): readonly Attachment[] =>
  turns.flatMap(({ attachments }) => attachments);
