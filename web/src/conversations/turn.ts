import type { Answer } from './answer.ts';
import type { Attachment } from './attachment.ts';

/** What somebody asks. */
export interface Question {
  readonly question: string;
  readonly attachments: readonly Attachment[];
}

export interface Turn extends Question {
  readonly id: string;
  /** One for each model that was asked, side by side. */
  readonly answers: readonly Answer[];
}
