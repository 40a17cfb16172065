import type { ChatPart } from '../chat.ts';
import { createTrimmer, type Trimmer } from './trimmer.ts';

/**
 * What a model's thinking stands in that has no field of its own: `auto`, in `<think>` tags at the beginning of the
 * text; `open`, the same where the opening tag may be missing, as the prompt ends in it; `off`, tags are text.
 */
export type ThinkTagsMode = 'auto' | 'open' | 'off';

/** Tells thinking in tags from the answer behind it, in pieces that are cut anywhere. */
export interface ThinkTags {
  /** What stands there from now on is the answer: pieces need not be pushed any more. */
  readonly isDone: boolean;
  /** Adds what a piece of text is, as far as that can be told. */
  push(text: string, parts: ChatPart[]): void;
  /** Adds what could not be told. */
  end(parts: ChatPart[]): void;
}

const OPENING = '<think>';
const CLOSING = '</think>';

export function createThinkTags(mode: ThinkTagsMode): ThinkTags {
  let state: 'before' | 'thinking' | 'blank' | 'answer' = mode === 'off' ? 'answer' : 'before';
  /** Blanks before the first character, apart from what is held: to look at them again and again would take for ever. */
  let blanks = '';
  let held = '';
  const trimmer: Trimmer = createTrimmer();

  function think(text: string, parts: ChatPart[]) {
    const ready = trimmer.push(text);
    if (ready !== '') parts.push({ type: 'reasoning-delta', text: ready });
  }

  function answer(text: string, parts: ChatPart[]) {
    state = 'answer';
    if (text !== '') parts.push({ type: 'text-delta', text });
  }

  /** Before a tag there may be blanks, which are the answer's if there is no tag. */
  function readBefore(parts: ChatPart[]) {
    const begun = held.trimStart();
    if (begun === '') {
      blanks += take();
      return;
    }
    if (begun.startsWith(OPENING)) {
      held = begun.slice(OPENING.length);
      state = 'thinking';
    } else if (OPENING.startsWith(begun)) return;
    else if (mode === 'open') state = 'thinking';
    else return answer(blanks + take(), parts);
    readThinking(parts);
  }

  function readThinking(parts: ChatPart[]) {
    const end = held.indexOf(CLOSING);
    if (end === -1) {
      const ready = held.length - lengthOfBeginning(held, CLOSING);
      think(held.slice(0, ready), parts);
      held = held.slice(ready);
      return;
    }
    think(held.slice(0, end), parts);
    held = held.slice(end + CLOSING.length);
    state = 'blank';
    readBlank(parts);
  }

  function readBlank(parts: ChatPart[]) {
    held = held.trimStart();
    if (held !== '') answer(take(), parts);
  }

  function take(): string {
    const text = held;
    held = '';
    return text;
  }

  return {
    get isDone() {
      return state === 'answer';
    },
    push(text, parts) {
      held += text;
      if (state === 'before') readBefore(parts);
      else if (state === 'thinking') readThinking(parts);
      else if (state === 'blank') readBlank(parts);
      else answer(take(), parts);
    },
    end(parts) {
      if (state === 'thinking') think(take(), parts);
      else if (state !== 'blank') answer((state === 'before' ? blanks : '') + take(), parts);
    },
  };
}

/** How much of the end of a text may be the beginning of a tag. */
function lengthOfBeginning(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length--) {
    if (text.endsWith(tag.slice(0, length))) return length;
  }
  return 0;
}
