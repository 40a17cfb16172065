import { useEffect, useId, useMemo, useRef, useState } from 'preact/hooks';
import { HealthDot, healthOf } from './health.tsx';
import { loadModels, type Model, models, providerOf } from './models.ts';

interface ModelPickerProps {
  readonly kind?: Model['kind'];
  readonly onPick: (model: Model) => void;
  readonly onClose: () => void;
}

/** A list of models that is searched by typing. */
export function ModelPicker({ kind, onPick, onClose }: ModelPickerProps) {
  const id = useId();
  const [words, setWords] = useState('');
  const [only, setOnly] = useState<Model['kind'] | undefined>(kind);
  const [active, setActive] = useState(0);
  const dialog = useRef<HTMLDialogElement>(null);
  const all = models.value;
  const found = useMemo(() => find(all, words, only), [all, words, only]);

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
    else if (event.key === 'Enter' && event.target instanceof HTMLInputElement && picked) onPick(picked);
    else return;
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
          {found.map((model, at) => (
            <Choice
              key={model.id}
              id={`${id}-${at}`}
              model={model}
              isActive={at === active}
              isFirstOfProvider={found[at - 1]?.provider.id !== model.provider.id}
              onPick={() => onPick(model)}
            />
          ))}
        </div>
        {found.length === 0 && <p class="soft nothing">No model is called that.</p>}
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

interface ChoiceProps {
  readonly id: string;
  readonly model: Model;
  readonly isActive: boolean;
  readonly isFirstOfProvider: boolean;
  readonly onPick: () => void;
}

function Choice({ id, model, isActive, isFirstOfProvider, onPick }: ChoiceProps) {
  const provider = providerOf(model);
  return (
    <>
      {isFirstOfProvider && provider && (
        <div class="picker-provider" role="presentation">
          <HealthDot provider={provider} /> {provider.name} <span class="soft">{healthOf(provider)}</span>
        </div>
      )}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys. */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the field above keeps the focus. */}
      <div id={id} class="picker-choice" role="option" aria-selected={isActive} onClick={onPick}>
        <span>{model.name}</span>
        <span class="soft">
          {model.isDefault ? 'default ' : ''}
          {model.kind === 'IMAGE' ? 'pictures ' : ''}
          {model.aliases.join(', ')}
        </span>
      </div>
    </>
  );
}

/** Those with all the words, first those that are called by them. */
function find(all: readonly Model[], text: string, only: Model['kind'] | undefined): Model[] {
  const words = text.toLowerCase().split(/\s+/);
  const has = (names: readonly (string | undefined)[]) => {
    const known = names.join(' ').toLowerCase();
    return words.every((word) => known.includes(word));
  };
  const isCalled = ({ id, aliases }: Model) => has([id, ...aliases]);
  return all
    .filter((model) => only === undefined || model.kind === only)
    .filter((model) => has([model.id, model.kind, ...model.aliases, providerOf(model)?.name]))
    .sort((one, other) => Number(isCalled(other)) - Number(isCalled(one)));
}
