import type { Settings } from '../conversations/settings.ts';
import { configure, current } from '../conversations/store.ts';
import type { ReasoningEffort } from '../gql/graphql.ts';
import { JsonField } from './json-field.tsx';
import { Limited } from './limited.tsx';
import './settings-box.css';
import { parseSchema } from '../conversations/entered-json.ts';
import { ToolSettings } from './tool-settings.tsx';

const EFFORTS: Readonly<Record<ReasoningEffort, string>> = {
  NONE: 'none',
  MINIMAL: 'minimal',
  LOW: 'low',
  MEDIUM: 'medium',
  HIGH: 'high',
  MAX: 'as much as it can',
};

/** The settings themselves. */
export function SettingsBox() {
  const { id, settings } = current.value;
  const set = (change: Partial<Settings>) => configure({ ...settings, ...change });
  return (
    <>
      <label>
        Instructions
        <textarea
          rows={3}
          placeholder="A system message, such as: answer in one sentence"
          value={settings.system}
          onChange={({ currentTarget }) => set({ system: currentTarget.value })}
        />
      </label>
      <div class="pair">
        <NumberField
          label="Temperature"
          ability="temperature"
          value={settings.temperature}
          range={{ min: 0, max: 2, step: 0.1 }}
          onChange={(temperature) => set({ temperature })}
        />
        <NumberField
          label="Tokens at most"
          ability="maxTokens"
          value={settings.maxTokens}
          range={{ min: 1, step: 1 }}
          onChange={(maxTokens) => set({ maxTokens })}
        />
        <Limited ability="reasoningEffort" isEmpty={settings.reasoningEffort === null}>
          {(limits) => (
            <label>
              Thinking
              <select
                {...limits}
                value={settings.reasoningEffort ?? ''}
                onChange={({ currentTarget: { value } }) =>
                  set({ reasoningEffort: value === '' ? null : (value as ReasoningEffort) })
                }
              >
                <option value="">the model’s</option>
                {Object.entries(EFFORTS).map(([effort, words]) => (
                  <option key={effort} value={effort}>
                    {words}
                  </option>
                ))}
              </select>
            </label>
          )}
        </Limited>
        <Limited ability="structuredOutput" isEmpty={settings.answerAs === 'TEXT'}>
          {(limits) => (
            <label>
              Answer
              <select
                {...limits}
                value={settings.answerAs}
                onChange={({ currentTarget }) => set({ answerAs: currentTarget.value as Settings['answerAs'] })}
              >
                <option value="TEXT">text</option>
                <option value="JSON">any JSON</option>
                <option value="SCHEMA">by a schema</option>
              </select>
            </label>
          )}
        </Limited>
      </div>
      {settings.answerAs === 'SCHEMA' && (
        <JsonField
          key={`schema of ${id}`}
          label="Schema of the answer"
          value={settings.schema?.text ?? ''}
          parse={parseSchema}
          example={SCHEMA}
          onChange={(schema) => set({ schema })}
        />
      )}
      <ToolSettings key={`tools of ${id}`} settings={settings} set={set} />
      <label class="check">
        <input
          type="checkbox"
          checked={settings.restarts}
          onChange={({ currentTarget }) => set({ restarts: currentTarget.checked })}
        />
        When a model breaks off, let the next one start over
      </label>
      <p class="soft">A setting that a model cannot honour is refused, not ignored.</p>
    </>
  );
}

const SCHEMA = {
  type: 'object',
  properties: { name: { type: 'string' }, age: { type: 'integer' } },
  required: ['name', 'age'],
  additionalProperties: false,
};

interface NumberFieldProps {
  readonly label: string;
  readonly ability: 'temperature' | 'maxTokens';
  readonly value: number | null;
  readonly range: { readonly min: number; readonly max?: number; readonly step: number };
  readonly onChange: (value: number | null) => void;
}

function NumberField({ label, ability, value, range, onChange }: NumberFieldProps) {
  const toNumber = (text: string) => (text === '' || !Number.isFinite(Number(text)) ? null : Number(text));
  return (
    <Limited ability={ability} isEmpty={value === null}>
      {(limits) => (
        <label>
          {label}
          <input
            {...limits}
            {...range}
            type="number"
            placeholder="the model’s"
            value={value ?? ''}
            onChange={({ currentTarget }) => onChange(toNumber(currentTarget.value))}
          />
        </label>
      )}
    </Limited>
  );
}
