import { type Answer, isRunning } from './answer.ts';
import type { Conversation, Turn } from './conversation.ts';

const KIND = 'modelql-conversations';

export function exportConversations(conversations: readonly Conversation[]): Blob {
  const content = { kind: KIND, version: 1, exportedAt: new Date().toISOString(), conversations };
  return new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' });
}

/** @throws Error in words for people, for a file that is no export */
export function parseConversations(text: string): Conversation[] {
  const content = parse(text);
  const isExport = content?.kind === KIND && content.version === 1 && Array.isArray(content.conversations);
  if (!isExport) throw new Error('This file holds no conversations exported here.');
  const conversations = content.conversations as unknown[];
  if (!conversations.every(isConversation)) throw new Error('The conversations in this file are damaged.');
  return conversations.map(withoutRunning);
}

function parse(text: string): Record<string, unknown> | null {
  try {
    return JSON.parse(text) as Record<string, unknown> | null;
  } catch {
    return null; // The caller says what was expected.
  }
}

/** What was on its way when it was exported does not go on here. */
function withoutRunning(conversation: Conversation): Conversation {
  const stop = (answer: Answer): Answer => (isRunning(answer) ? { ...answer, state: 'stopped' } : answer);
  const turns = conversation.turns.map((turn) => ({ ...turn, answers: turn.answers.map(stop) }));
  return { ...conversation, turns };
}

/** As far as the page relies on it. */
function isConversation(value: unknown): value is Conversation {
  const one = value as Partial<Conversation> | null;
  return (
    typeof one?.id === 'string' &&
    typeof one.title === 'string' &&
    typeof one.changedAt === 'number' &&
    typeof one.settings?.system === 'string' &&
    Array.isArray(one.turns) &&
    one.turns.every(isTurn)
  );
}

function isTurn(value: unknown): boolean {
  const one = value as Partial<Turn> | null;
  return (
    typeof one?.id === 'string' &&
    typeof one.question === 'string' &&
    Array.isArray(one.answers) &&
    one.answers.every(isAnswer)
  );
}

function isAnswer(value: unknown): boolean {
  const one = value as Record<string, unknown> | null;
  return (
    typeof one?.id === 'string' &&
    typeof one.text === 'string' &&
    typeof one.reasoning === 'string' &&
    typeof one.state === 'string' &&
    Array.isArray(one.pictures) &&
    Array.isArray(one.attempts)
  );
}
