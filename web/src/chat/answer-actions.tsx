import { useState } from 'preact/hooks';
import { toSent } from '../attachments/to-sent.ts';
import { ChatSubscription } from '../client/operations.ts';
import { type Answer, isRunning } from '../conversations/answer.ts';
import { inputOf, reopenCalls, retry, stop } from '../conversations/store.ts';
import { ModelPicker } from '../models/model-picker.tsx';
import { nameOf } from '../models/models.ts';
import { shownQuery } from '../query/query-drawer.tsx';
import { toShown } from '../query/shown.ts';
import { CopyButton } from '../shell/copy-button.tsx';
import { RetryLabel } from './wait.tsx';

/** What can be done with an answer. */
export function AnswerActions({ answer }: { readonly answer: Answer }) {
  const [isPicking, setPicking] = useState(false);
  const [problem, setProblem] = useState('');
  const isOn = isRunning(answer);
  async function showQuery() {
    try {
      const { sent } = await toSent(inputOf(answer));
      shownQuery.value = toShown('subscription', 'This chat', ChatSubscription, { input: sent });
    } catch (error) {
      setProblem((error as Error).message);
    }
  }
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
      {!isOn && answer.earlier.length > 0 && (
        <button type="button" class="quiet" onClick={() => reopenCalls(answer)}>
          Other results
        </button>
      )}
      <button type="button" class="quiet" onClick={showQuery}>
        Show the query
      </button>
      <span class="soft" role="status">
        {problem}
      </span>
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
