import { useEffect, useRef, useState } from 'preact/hooks';
import { AttachButton, pasteFiles, useDroppedFiles } from '../attachments/attach.tsx';
import { Attachments } from '../attachments/attachments.tsx';
import { chosenFiles, filesProblem, takeFiles, unchooseFile } from '../attachments/chosen-files.ts';
import { isRunning } from '../conversations/answer.ts';
import { kindOf } from '../conversations/attachment.ts';
import { problemOf } from '../conversations/settings.ts';
import { ask, current, stopAll } from '../conversations/store.ts';
import { limitOf } from '../models/abilities.ts';
import { ChatSettings } from './chat-settings.tsx';
import { ChosenModels } from './chosen-models.tsx';

/** Where questions are written. */
export function Composer() {
  const [question, setQuestion] = useState('');
  const [isDropping, setDropping] = useState(false);
  const field = useRef<HTMLTextAreaElement>(null);
  const { id, turns, settings } = current.value;
  const last = turns.at(-1);
  const isBusy = last?.answers.some(isRunning) ?? false;
  const problem = problemOf(settings);
  const isEmpty = question.trim() === '' && chosenFiles.value.length === 0;
  useDroppedFiles(setDropping);

  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus(); // A phone's keyboard would hide the page.
  }, [id, last?.id]);

  function send() {
    if (isEmpty || isBusy || problem !== null) return;
    setQuestion('');
    ask({ question, attachments: takeFiles() });
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      class={`composer ${isDropping ? 'dropping' : ''}`}
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Attachments attachments={chosenFiles.value} onRemove={unchooseFile} />
      <textarea
        ref={field}
        rows={1}
        aria-label="Your question"
        placeholder={isDropping ? 'Drop it here' : 'Ask something'}
        value={question}
        onInput={({ currentTarget }) => setQuestion(currentTarget.value)}
        onKeyDown={onKeyDown}
        onPaste={pasteFiles}
      />
      <Notes problem={problem} />
      <div class="composer-row">
        <AttachButton />
        <ChosenModels />
        <ChatSettings />
        {isBusy ? (
          <button type="button" class="button primary" title="Stop (Escape)" onClick={stopAll}>
            Stop
          </button>
        ) : (
          <button type="submit" class="button primary" disabled={isEmpty || problem !== null} title="Send (Enter)">
            Send
          </button>
        )}
      </div>
    </form>
  );
}

/** What stands in the way of the question, or is going to. */
function Notes({ problem }: { readonly problem: string | null }) {
  const kinds = new Set(chosenFiles.value.map(kindOf));
  const notes = [problem && `Look at the settings. ${problem}`, filesProblem.value, ...[...kinds].map(reasonOf)];
  return (
    <p class="notes" role="status">
      {notes.filter((note) => note !== null).join(' ')}
    </p>
  );
}

const reasonOf = (kind: Parameters<typeof limitOf>[0]) => limitOf(kind).reason;
