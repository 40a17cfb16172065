import { useState } from 'preact/hooks';
import { PLAIN } from '../conversations/settings.ts';
import { current } from '../conversations/store.ts';
import { lazily } from '../shell/lazily.tsx';

const SettingsBox = lazily(async () => (await import('./settings-box.tsx')).SettingsBox);

/** What is asked along with every question of this conversation. */
export function ChatSettings() {
  const [wasOpened, setOpened] = useState(false);
  const { settings } = current.value;
  const isPlain = JSON.stringify(settings) === JSON.stringify(PLAIN);
  return (
    <details
      class="settings"
      onToggle={() => setOpened(true)}
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys, and a click in it is no way out. */}
      <section class="settings-box" tabIndex={0} aria-label="Settings">
        {wasOpened && <SettingsBox />}
      </section>
    </details>
  );
}
