import { useEffect, useRef, useState } from 'preact/hooks';
import { isRunning } from '../conversations/answer.ts';
import { ask, current, stopAll } from '../conversations/store.ts';
import { ChatSettings } from './chat-settings.tsx';
import { ChosenModels } from './chosen-models.tsx';

/** Where questions are written. */
export function Composer() {
  const [question, setQuestion] = useState('');
  const field = useRef<HTMLTextAreaElement>(null);
  const { id, turns } = current.value;
  const last = turns.at(-1);
  const isBusy = last?.answers.some(isRunning) ?? false;

  useEffect(() => {
    if (matchMedia('(hover: hover)').matches) field.current?.focus(); // A phone's keyboard would hide the page.
  }, [id, last?.id]);

  function send() {
    if (question.trim() === '' || isBusy) return;
    setQuestion('');
    ask(question);
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  }

  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <textarea
        ref={field}
        rows={1}
        aria-label="Your question"
        placeholder="Ask something"
        value={question}
        onInput={({ currentTarget }) => setQuestion(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div class="composer-row">
        <ChosenModels />
        <ChatSettings />
        {isBusy ? (
          <button type="button" class="button primary" title="Stop (Escape)" onClick={stopAll}>
            Stop
          </button>
        ) : (
          <button type="submit" class="button primary" disabled={question.trim() === ''} title="Send (Enter)">
            Send
          </button>
        )}
      </div>
    </form>
  );
}
