import { parseTools } from '../conversations/entered-json.ts';
import type { Settings } from '../conversations/settings.ts';
import type { ToolChoiceInput, ToolMode } from '../gql/graphql.ts';
import { JsonField } from './json-field.tsx';
import { Limited } from './limited.tsx';

const EXAMPLE = [
  {
    name: 'weather',
    description: 'The weather in a city, now.',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
];

const MODES: Readonly<Record<ToolMode, string>> = { AUTO: 'the model decides', NONE: 'none', REQUIRED: 'at least one' };

interface ToolSettingsProps {
  readonly settings: Settings;
  readonly set: (change: Partial<Settings>) => void;
}

/** What the model may call, and whether it has to. */
export function ToolSettings({ settings: { tools, toolChoice }, set }: ToolSettingsProps) {
  const isEmpty = tools.text.trim() === '';
  const names = (tools.value ?? []).map(({ name }) => name);
  const forced = toolChoice?.tool ?? null;
  return (
    <Limited ability="tools" isEmpty={isEmpty}>
      {(limits) => (
        <>
          <JsonField
            label="Tools"
            value={tools.text}
            parse={parseTools}
            example={EXAMPLE}
            onChange={(entered) => set({ tools: entered, ...(entered.text.trim() === '' ? { toolChoice: null } : {}) })}
            limits={limits}
          />
          {!isEmpty && (
            <label>
              Which are called
              <select
                value={toValue(toolChoice)}
                onChange={({ currentTarget }) => set({ toolChoice: fromValue(currentTarget.value) })}
              >
                {Object.entries(MODES).map(([mode, words]) => (
                  <option key={mode} value={mode}>
                    {words}
                  </option>
                ))}
                {[...new Set([...names, ...(forced === null ? [] : [forced])])].map((name) => (
                  <option key={name} value={`${TOOL}${name}`}>
                    {name}
                  </option>
                ))}
              </select>
            </label>
          )}
        </>
      )}
    </Limited>
  );
}

const TOOL = 'tool ';

function toValue(choice: ToolChoiceInput | null): string {
  return choice?.tool == null ? (choice?.mode ?? 'AUTO') : `${TOOL}${choice.tool}`;
}

function fromValue(value: string): ToolChoiceInput | null {
  if (value.startsWith(TOOL)) return { tool: value.slice(TOOL.length) };
  return value === 'AUTO' ? null : { mode: value as ToolMode };
}
