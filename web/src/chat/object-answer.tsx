import { useId, useState } from 'preact/hooks';
import './object-answer.css';

interface ObjectAnswerProps {
  readonly text: string;
  /** Null where the text is no JSON. */
  readonly object: unknown;
  readonly problems: readonly string[];
}

/** An answer in JSON as a tree, and where it is not what was asked for. */
export function ObjectAnswer({ text, object, problems }: ObjectAnswerProps) {
  const id = useId();
  return (
    <>
      {object != null && (
        <ul class="tree" aria-label="Answer">
          <Node value={object} depth={0} />
        </ul>
      )}
      {problems.length > 0 && (
        <section class="failure" aria-labelledby={id}>
          <strong id={id}>It is not what was asked for</strong>
          <ul>
            {problems.map((problem) => (
              <li key={problem}>{problem}</li>
            ))}
          </ul>
        </section>
      )}
      <details class="as-text" open={object == null}>
        <summary class="soft">As text</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys. */}
        <pre class="plain" tabIndex={0}>
          {text}
        </pre>
      </details>
    </>
  );
}

/** So deep it is open to begin with. */
const OPEN_DEPTH = 3;

/** So many entries are shown at first. */
const MANY = 100;

interface NodeProps {
  /** Its key, or its place in a list; absent for the whole. */
  readonly name?: string | number;
  readonly value: unknown;
  readonly depth: number;
}

function Node({ name, value, depth }: NodeProps) {
  const [isOpen, setOpen] = useState(depth < OPEN_DEPTH);
  const [most, setMost] = useState(MANY);
  const key = name === undefined ? null : <span class={typeof name === 'number' ? 'soft' : 'name'}>{name}: </span>;
  if (typeof value !== 'object' || value === null) {
    return (
      <li>
        {key}
        <span class={`value ${value === null ? 'null' : typeof value}`}>{JSON.stringify(value)}</span>
      </li>
    );
  }
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  if (entries.length === 0)
    return (
      <li>
        {key}
        {Array.isArray(value) ? '[]' : '{}'}
      </li>
    );
  return (
    <li>
      <details open={isOpen} onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          {key}
          <span class="soft">{sizeOf(value, entries.length)}</span>
        </summary>
        {isOpen && (
          <ul>
            {entries.slice(0, most).map(([at, one]) => (
              <Node key={at} name={at} value={one} depth={depth + 1} />
            ))}
            {entries.length > most && (
              <li>
                <button type="button" class="quiet" onClick={() => setMost(most * 10)}>
                  {entries.length - most} more
                </button>
              </li>
            )}
          </ul>
        )}
      </details>
    </li>
  );
}

function sizeOf(value: object, count: number): string {
  if (Array.isArray(value)) return count === 1 ? '1 entry' : `${count} entries`;
  return count === 1 ? '1 field' : `${count} fields`;
}
