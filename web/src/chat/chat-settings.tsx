import type { Settings } from '../conversations/conversation.ts';
import { configure, current } from '../conversations/store.ts';

/** What is asked along with every question of this conversation. */
export function ChatSettings() {
  const { settings } = current.value;
  const set = (change: Partial<Settings>) => configure({ ...settings, ...change });
  const toNumber = (text: string) => (text === '' || !Number.isFinite(Number(text)) ? null : Number(text));
  const isPlain = !settings.system.trim() && settings.temperature === null && settings.maxTokens === null;
  return (
    <details
      class="settings"
      onFocusOut={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget as Node | null)) currentTarget.open = false;
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || !event.currentTarget.open) return;
        event.preventDefault();
        event.currentTarget.open = false;
        event.currentTarget.querySelector('summary')?.focus();
      }}
    >
      <summary class="quiet">Settings{isPlain ? '' : ' •'}</summary>
      <div class="settings-box" tabIndex={-1}>
        <label>
          Instructions
          <textarea
            rows={3}
            placeholder="A system message, such as: answer in one sentence"
            value={settings.system}
            onChange={({ currentTarget }) => set({ system: currentTarget.value })}
          />
        </label>
        <div class="row">
          <label>
            Temperature
            <input
              type="number"
              min="0"
              max="2"
              step="0.1"
              placeholder="the model's"
              value={settings.temperature ?? ''}
              onChange={({ currentTarget }) => set({ temperature: toNumber(currentTarget.value) })}
            />
          </label>
          <label>
            Longest answer, in tokens
            <input
              type="number"
              min="1"
              step="1"
              placeholder="the model's"
              value={settings.maxTokens ?? ''}
              onChange={({ currentTarget }) => set({ maxTokens: toNumber(currentTarget.value) })}
            />
          </label>
        </div>
        <label class="check">
          <input
            type="checkbox"
            checked={settings.restarts}
            onChange={({ currentTarget }) => set({ restarts: currentTarget.checked })}
          />
          When a model breaks off, let the next one start over
        </label>
        <p class="soft">A setting that a model cannot honour is refused, not ignored.</p>
      </div>
    </details>
  );
}
