import type { Answer } from './answer.ts';
import type { Conversation } from './conversation.ts';
import { PLAIN } from './settings.ts';
import type { Turn } from './turn.ts';

/** A conversation that an older page may have kept or exported, with all that this one relies on. */
export function upToDate(conversation: Conversation): Conversation {
  const { settings, turns } = conversation;
  return { ...conversation, settings: { ...PLAIN, ...settings }, turns: turns.map(turnUpToDate) };
}

function turnUpToDate(turn: Turn): Turn {
  return { ...turn, attachments: turn.attachments ?? [], answers: turn.answers.map(answerUpToDate) };
}

function answerUpToDate(answer: Answer): Answer {
  const { finished, earlier = [] } = answer;
  return {
    ...NEWER,
    ...answer,
    finished: finished && { ...NEVER_ASKED, ...finished },
    earlier: earlier.map(answerUpToDate),
  };
}

const NEWER = { calls: [], results: {}, sources: [] } as const;
const NEVER_ASKED = { continuation: null, object: null, objectProblems: [] };
