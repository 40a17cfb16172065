import { type Aside, tellEnd, tellFailure, tellObject } from './ending.ts';
import { remark, say } from './output.ts';
import { savePicture } from './picture.ts';
import type { ChatEvent } from './read-chat.ts';

/** Writes the events of one chat for a person. */
export interface Writer {
  /** The answer so far. */
  readonly text: string;
  write(event: ChatEvent): Promise<void>;
  /** Leaves the cursor at the beginning of a line. */
  endLine(): void;
}

/** @param options.wantsObject writes the object of the answer in place of its text */
export function createWriter({ wantsObject }: { readonly wantsObject: boolean }): Writer {
  let text = '';
  let aside: Aside = { model: '', calls: [], sources: [] };
  let isThinking = false;
  let isLineOpen = false;

  function endLine() {
    if (isLineOpen) say('\n');
    isLineOpen = false;
  }

  return {
    get text() {
      return text;
    },
    endLine,
    async write(event) {
      switch (event.__typename) {
        case 'ChatStarted':
          endLine();
          if (text !== '') remark('(the answer begins anew)\n');
          aside = { model: event.model.id, calls: [], sources: [] };
          text = '';
          return;
        case 'ChatReasoningDelta':
          isThinking = true;
          return remark(event.text);
        case 'ChatDelta':
          if (isThinking) remark('\n');
          isThinking = false;
          text += event.text;
          if (wantsObject) return;
          if (event.text !== '') isLineOpen = !event.text.endsWith('\n');
          return say(event.text);
        case 'ChatToolCall':
          aside = { ...aside, calls: [...aside.calls, event] };
          return;
        case 'ChatSource':
          aside = { ...aside, sources: [...aside.sources, event] };
          return;
        case 'ChatImage':
          endLine();
          return say(`${await savePicture(event.image)}\n`);
        case 'ChatFinished':
          endLine();
          if (wantsObject) tellObject(event, text);
          return tellEnd(event, aside);
        case 'ChatFailed':
          endLine();
          return tellFailure(event);
      }
    },
  };
}
