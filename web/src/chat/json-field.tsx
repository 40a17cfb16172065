import { useId, useRef, useState } from 'preact/hooks';
import type { Entered, Parsed } from '../conversations/settings.ts';
import type { Limits } from './limited.tsx';

interface JsonFieldProps<Value> {
  readonly label: string;
  readonly value: string;
  readonly parse: (text: string) => Parsed<Value>;
  /** What it may look like, to begin with. */
  readonly example: unknown;
  readonly onChange: (entered: Entered<Value>) => void;
  readonly limits?: Limits;
}

/** A field for JSON, which is checked as it is written. */
export function JsonField<Value>({ label, value, parse, example, onChange, limits }: JsonFieldProps<Value>) {
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState(value);
  const { problem } = parse(text);
  function enter(entered: string) {
    setText(entered);
    onChange({ text: entered, ...parse(entered) });
  }
  function fill() {
    field.current?.focus(); // The button goes.
    enter(JSON.stringify(example, null, 2));
  }
  return (
    <div class="json-field">
      <label for={id}>{label}</label>
      {text.trim() === '' && !limits?.disabled && (
        <button type="button" class="quiet" aria-label={`Example: ${label}`} onClick={fill}>
          Example
        </button>
      )}
      <textarea
        {...limits}
        ref={field}
        id={id}
        rows={4}
        spellcheck={false}
        autocapitalize="off"
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem ${limits?.['aria-describedby'] ?? ''}`}
        value={text}
        onInput={({ currentTarget }) => enter(currentTarget.value)}
      />
      <p class="problem" id={`${id}-problem`} role="status">
        {problem}
      </p>
    </div>
  );
}
