import { useState } from 'preact/hooks';
import { ChatSubscription } from '../client/operations.ts';
import { type Answer, isRunning } from '../conversations/answer.ts';
import { inputOf, retry, stop } from '../conversations/store.ts';
import { ModelPicker } from '../models/model-picker.tsx';
import { nameOf } from '../models/models.ts';
import { shownQuery } from '../query/query-drawer.tsx';
import { toShown } from '../query/snippets.ts';
import { CopyButton } from '../shell/copy-button.tsx';
import { RetryLabel } from './wait.tsx';

/** What can be done with an answer. */
export function AnswerActions({ answer }: { readonly answer: Answer }) {
  const [isPicking, setPicking] = useState(false);
  const showQuery = () => {
    shownQuery.value = toShown('subscription', 'This chat', ChatSubscription, { input: inputOf(answer) });
  };
  const isOn = isRunning(answer);
  return (
    <div class="actions">
      {/* One button, which keeps the focus when it changes. */}
      <button
        type="button"
        class="quiet"
        aria-label={isOn ? `Stop ${nameOf(answer.asked)}` : undefined}
        onClick={() => (isOn ? stop(answer) : retry(answer))}
      >
        {isOn ? 'Stop' : <RetryLabel until={answer.failure?.retryAt} />}
      </button>
      {!isOn && answer.text && <CopyButton quiet label="Copy" title="Copy the answer" text={() => answer.text} />}
      {!isOn && (
        <button type="button" class="quiet" aria-haspopup="listbox" onClick={() => setPicking(true)}>
          Another model
        </button>
      )}
      <button type="button" class="quiet" onClick={showQuery}>
        Show the query
      </button>
      {isPicking && (
        <ModelPicker
          onClose={() => setPicking(false)}
          onPick={(id) => {
            setPicking(false);
            retry(answer, id);
          }}
        />
      )}
    </div>
  );
}
