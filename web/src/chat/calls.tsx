import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { type Answer, wantsResults } from '../conversations/answer.ts';
import type { Call, CallResult } from '../conversations/calls.ts';
import { enterResult, goOn } from '../conversations/store.ts';
import './calls.css';

interface CallsProps {
  readonly answer: Answer;
  /** Whether the model has gone on from here. */
  readonly isOver: boolean;
}

/** What an answer calls, a card each; where it has ended with that, the results are entered here. */
export function Calls({ answer, isOver }: CallsProps) {
  const { calls, results } = answer;
  if (isOver || !wantsResults(answer)) {
    return (
      <>
        {calls.map((call) => (
          <CallCard key={call.callId} call={call}>
            {isOver && <Result result={results[call.callId]} />}
          </CallCard>
        ))}
      </>
    );
  }
  const missing = calls.filter(({ callId }) => !results[callId]?.text.trim()).length;
  function send(form: HTMLFormElement) {
    if (missing > 0) return;
    goOn(answer);
    form.closest('article')?.querySelector<HTMLElement>('.actions button')?.focus(); // This form goes.
  }
  return (
    <form
      class="calls"
      onSubmit={(event) => {
        event.preventDefault();
        send(event.currentTarget);
      }}
      onKeyDown={({ key, ctrlKey, metaKey, currentTarget }) => {
        if (key === 'Enter' && (ctrlKey || metaKey)) send(currentTarget);
      }}
    >
      {calls.map((call) => (
        <CallCard key={call.callId} call={call}>
          <ResultFields
            call={call}
            result={results[call.callId] ?? { text: '', isError: false }}
            onChange={(result) => enterResult(answer, call.callId, result)}
          />
        </CallCard>
      ))}
      <div class="row end">
        <span class="soft">
          {missing === 0
            ? 'Ctrl+Enter does it too'
            : `${calls.length === 1 ? 'The result is' : `${missing} of ${calls.length} results are`} missing`}
        </span>
        <button type="submit" class="button primary" disabled={missing > 0}>
          Go on
        </button>
      </div>
    </form>
  );
}

interface CallCardProps {
  readonly call: Call;
  readonly children: ComponentChildren;
}

/** A call with its arguments: as they are written, and in order once they are whole. */
function CallCard({ call: { name, argumentsText, arguments: given, isWhole }, children }: CallCardProps) {
  const isObject = typeof given === 'object' && given !== null;
  const isNone = isObject && Object.keys(given).length === 0;
  return (
    <section class={`call ${isWhole ? '' : 'writing'}`} aria-label={`Call of ${name}`}>
      <header>
        <span class="soft">calls</span> <strong>{name}</strong>
        {isNone && <span class="soft">without arguments</span>}
      </header>
      {!isNone && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys.
        <pre class="plain" tabIndex={0}>
          {isObject ? JSON.stringify(given, null, 2) : argumentsText}
        </pre>
      )}
      {isWhole && !isObject && <p class="problem">These arguments are no JSON object.</p>}
      {children}
    </section>
  );
}

interface ResultFieldsProps {
  readonly call: Call;
  readonly result: CallResult;
  readonly onChange: (result: CallResult) => void;
}

function ResultFields({ call, result, onChange }: ResultFieldsProps) {
  const id = useId();
  return (
    <div class="result">
      <label for={id}>{result.isError ? 'How it failed' : 'Its result'}</label>
      <textarea
        id={id}
        rows={2}
        placeholder={result.isError ? 'no such city' : '{"celsius": 21}'}
        spellcheck={false}
        value={result.text}
        onInput={({ currentTarget }) => onChange({ ...result, text: currentTarget.value })}
      />
      <label class="check">
        <input
          type="checkbox"
          checked={result.isError}
          onChange={({ currentTarget }) => onChange({ ...result, isError: currentTarget.checked })}
        />
        It failed <span class="unseen">: {call.name}</span>
      </label>
    </div>
  );
}

function Result({ result }: { readonly result: CallResult | undefined }) {
  if (!result) return null;
  return (
    <div class="result">
      <span class={result.isError ? 'problem' : 'soft'}>{result.isError ? 'failed' : 'came to'}</span>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys. */}
      <pre class="plain" tabIndex={0}>
        {result.text}
      </pre>
    </div>
  );
}
