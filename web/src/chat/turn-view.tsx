import { memo } from 'preact/compat';
import { useErrorBoundary, useRef, useState } from 'preact/hooks';
import { Attachments } from '../attachments/attachments.tsx';
import { titleOf } from '../conversations/conversation.ts';
import { problemOf } from '../conversations/settings.ts';
import { ask, current } from '../conversations/store.ts';
import type { Turn } from '../conversations/turn.ts';
import { CopyButton } from '../shell/copy-button.tsx';
import { takeFocus } from '../shell/take-focus.ts';
import { AnswerView } from './answer-view.tsx';

/** A question and its answers. */
export const TurnView = memo(({ turn }: { readonly turn: Turn }) => {
  const [error] = useErrorBoundary();
  if (error) return <p class="failure">This question and its answers cannot be shown: {String(error)}</p>;
  return (
    <section class="turn" aria-label={`Question: ${titleOf(turn)}`}>
      <Question turn={turn} />
      <div class={`answers ${turn.answers.length > 1 ? 'several' : ''}`}>
        {turn.answers.map((answer, at) => (
          <AnswerView key={at} answer={answer} />
        ))}
      </div>
    </section>
  );
});

function Question({ turn }: { readonly turn: Turn }) {
  const [text, setText] = useState<string | null>(null);
  const [attachments, setAttachments] = useState(turn.attachments);
  const wasEdited = useRef(false);
  function edit() {
    wasEdited.current = true;
    setAttachments(turn.attachments);
    setText(turn.question);
  }
  if (text === null) {
    return (
      <div class="question">
        <Attachments attachments={turn.attachments} />
        {turn.question && <p>{turn.question}</p>}
        <div class="actions">
          {turn.question && <CopyButton quiet label="Copy" title="Copy the question" text={() => turn.question} />}
          <button type="button" class="quiet" ref={wasEdited.current ? takeFocus : null} onClick={edit}>
            Edit
          </button>
        </div>
      </div>
    );
  }
  function send() {
    if (text === null || (text.trim() === '' && attachments.length === 0)) return;
    if (problemOf(current.value.settings) !== null) return; // Which is said where questions are written.
    setText(null);
    ask({ question: text, attachments }, turn.id);
  }
  return (
    <form
      class="question editing"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Attachments
        attachments={attachments}
        onRemove={(id) => setAttachments(attachments.filter((attachment) => attachment.id !== id))}
      />
      <textarea
        aria-label="Edit the question"
        ref={takeFocus}
        rows={Math.min(12, text.split('\n').length + 1)}
        value={text}
        onInput={({ currentTarget }) => setText(currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') setText(null);
          else if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) send();
          else return;
          event.preventDefault();
          event.stopPropagation();
        }}
      />
      <div class="row end">
        <span class="soft">In place of the old question, and of all after it</span>
        <button type="button" class="button" onClick={() => setText(null)}>
          Cancel
        </button>
        <button type="submit" class="button primary">
          Send
        </button>
      </div>
    </form>
  );
}
