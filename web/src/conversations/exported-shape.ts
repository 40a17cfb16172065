import type { Conversation } from './conversation.ts';
import type { Turn } from './turn.ts';

/** Whether something is a conversation, of this page or an older one, as far as the page relies on it. */
export function isConversation(value: unknown): value is Conversation {
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
    isListOrAbsent(one.attachments, isAttachment) &&
    Array.isArray(one.answers) &&
    one.answers.every(isAnswer)
  );
}

function isAttachment(value: unknown): boolean {
  const one = value as Record<string, unknown> | null;
  return typeof one?.id === 'string' && typeof one.name === 'string' && typeof one.mediaType === 'string';
}

function isAnswer(value: unknown): boolean {
  const one = value as Record<string, unknown> | null;
  return (
    typeof one?.id === 'string' &&
    typeof one.text === 'string' &&
    typeof one.reasoning === 'string' &&
    typeof one.state === 'string' &&
    Array.isArray(one.pictures) &&
    Array.isArray(one.attempts) &&
    isListOrAbsent(one.calls) &&
    isListOrAbsent(one.sources) &&
    isListOrAbsent(one.earlier, isAnswer)
  );
}

/** What older exports did not have. */
const isListOrAbsent = (value: unknown, is: (one: unknown) => boolean = () => true): boolean =>
  value === undefined || (Array.isArray(value) && value.every(is));
