import { useState } from 'preact/hooks';
import { chosenModels } from '../models/chosen.ts';
import { HealthDot } from '../models/health.tsx';
import { ModelPicker } from '../models/model-picker.tsx';
import { defaultModel, models, nameOf, providerOf } from '../models/models.ts';

const MOST = 4;

/** The models that the next question goes to: one, or several side by side. */
export function ChosenModels() {
  const [picking, setPicking] = useState<number | null>(null);
  const chosen = chosenModels.value;

  function pick(id: string) {
    const place = picking ?? 0;
    const next = chosen.with(Math.min(place, chosen.length - 1), id);
    const added = place >= chosen.length ? [...chosen, id] : next;
    chosenModels.value = added.filter((one, at) => added.indexOf(one) === at);
    close();
  }

  function close() {
    setPicking(null);
    document.querySelector<HTMLElement>('.composer textarea')?.focus();
  }

  return (
    <div class="chosen">
      {chosen.map((id, at) => (
        <span class="chip" key={id}>
          <button
            type="button"
            aria-haspopup="listbox"
            aria-label={`Model: ${nameOf(id)}. Change it`}
            onClick={() => setPicking(at)}
          >
            <HealthDot provider={providerIn(id)} />
            {nameOf(id)}
          </button>
          {chosen.length > 1 && (
            <button
              type="button"
              aria-label={`Do not ask ${nameOf(id)}`}
              onClick={() => {
                chosenModels.value = chosen.filter((one) => one !== id);
              }}
            >
              ✕
            </button>
          )}
        </span>
      ))}
      {chosen.length < MOST && (
        <button type="button" class="quiet" onClick={() => setPicking(chosen.length)} aria-haspopup="listbox">
          + Compare
        </button>
      )}
      {picking !== null && <ModelPicker onPick={pick} onClose={close} />}
    </div>
  );
}

function providerIn(id: string | null) {
  const model = id === null ? defaultModel('CHAT') : models.value.find((one) => one.id === id);
  return model && providerOf(model);
}
