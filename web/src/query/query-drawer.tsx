import { signal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { lazily } from '../shell/lazily.tsx';
import './query-drawer.css';
import type { Shown } from './shown.ts';

const Operation = lazily(async () => (await import('./operation.tsx')).Operation);

/** The operation that is looked at. */
export const shownQuery = signal<Shown | null>(null);

/** What went over the wire, to be taken elsewhere. */
export function QueryDrawer() {
  const shown = shownQuery.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (shown) dialog.current?.showModal();
    else dialog.current?.close();
  }, [shown]);
  const close = () => {
    shownQuery.value = null;
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it too; the browser sees to that.
    <dialog
      ref={dialog}
      class="drawer"
      aria-labelledby="drawer-title"
      onClose={close}
      onClick={({ target }) => target === dialog.current && close()}
    >
      {shown && <Operation shown={shown} onClose={close} />}
    </dialog>
  );
}
