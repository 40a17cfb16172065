import type { ComponentChildren } from 'preact';
import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { byProvider, choices, find } from './choices.ts';
import { HealthDot, healthOf } from './health.tsx';
import { loadModels, type Model, missingModels, models, type Provider } from './models.ts';

interface PickerDialogProps {
  readonly kind?: Model['kind'];
  /** Given what to ask for: a model's id, or a name that reaches several. */
  readonly onPick: (id: string) => void;
  readonly onClose: () => void;
}

/** A list of models that is searched by typing. */
export function PickerDialog({ kind, onPick, onClose }: PickerDialogProps) {
  const id = useId();
  const [words, setWords] = useState('');
  const [only, setOnly] = useState<Model['kind'] | undefined>(kind);
  const [active, setActive] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const all = models.value;
  const found = useMemo(() => find(choices(), words, only), [all, words, only]);

  useEffect(() => {
    void loadModels(); // Some providers find out about their models as time goes by.
    dialog.current?.showModal();
  }, []);

  useEffect(() => {
    dialog.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  function search(text: string) {
    setWords(text);
    setActive(0);
  }

  function onKeyDown(event: KeyboardEvent) {
    const picked = found[active];
    if (event.key === 'ArrowDown') setActive(Math.min(active + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setActive(Math.max(active - 1, 0));
    else if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
    else if (picked) onPick(picked.id);
    event.preventDefault();
  }

  return (
    <dialog
      ref={dialog}
      class="picker"
      aria-label="Choose a model"
      onKeyDown={onKeyDown}
      onClose={onClose}
      onClick={({ target }) => target === dialog.current && onClose()}
    >
      <div class="picker-content">
        <input
          type="text"
          // biome-ignore lint/a11y/noRedundantRoles: only a list of the browser's own would imply it.
          role="combobox"
          list={undefined}
          aria-label="Search models"
          aria-expanded="true"
          aria-controls={`${id}-list`}
          aria-activedescendant={found[active] ? `${id}-${active}` : undefined}
          placeholder="Search by name, provider or alias"
          value={words}
          onInput={({ currentTarget }) => search(currentTarget.value)}
        />
        {!kind && <Kinds only={only} onChange={setOnly} />}
        <div class="picker-list" role="listbox" id={`${id}-list`} aria-label="Models">
          {byProvider(found).map((group) => (
            <Group key={group[0]?.id} provider={group[0]?.provider ?? null}>
              {group.map((choice) => (
                // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys.
                // biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus.
                <div
                  key={choice.id}
                  id={`${id}-${found.indexOf(choice)}`}
                  class="picker-choice"
                  role="option"
                  aria-selected={choice === found[active]}
                  onClick={() => onPick(choice.id)}
                >
                  <span>{choice.name}</span>
                  <span class="soft">{choice.note}</span>
                </div>
              ))}
            </Group>
          ))}
        </div>
        {found.length === 0 && <p class="soft nothing">No model is called that.</p>}
        {missingModels.value.map(({ name, problem }) => (
          <p class="soft nothing" key={name}>
            Models of {name} may be missing: {problem}
          </p>
        ))}
      </div>
    </dialog>
  );
}

function Kinds({
  only,
  onChange,
}: {
  only: Model['kind'] | undefined;
  onChange: (kind: Model['kind'] | undefined) => void;
}) {
  const choices = [undefined, 'CHAT', 'IMAGE'] as const;
  return (
    <fieldset class="segments" aria-label="Kind">
      {choices.map((choice) => (
        <button key={choice} type="button" aria-pressed={only === choice} onClick={() => onChange(choice)}>
          {choice === undefined ? 'All' : choice === 'CHAT' ? 'Chat' : 'Pictures'}
        </button>
      ))}
    </fieldset>
  );
}

interface GroupProps {
  readonly provider: Provider | null;
  readonly children: ComponentChildren;
}

function Group({ provider, children }: GroupProps) {
  const name = provider?.name ?? 'The first of several that answers';
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is no part of a list.
    <div role="group" aria-label={provider ? `${name}, ${healthOf(provider)}` : name}>
      <div class="picker-provider" aria-hidden="true">
        {provider && <HealthDot provider={provider} />} {name}{' '}
        {provider && <span class="soft">{healthOf(provider)}</span>}
      </div>
      {children}
    </div>
  );
}
