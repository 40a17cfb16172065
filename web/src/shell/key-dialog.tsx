import { useEffect, useRef } from 'preact/hooks';
import { enterKey, keyWanted } from '../client/key.ts';

/** Asks for a key, when the server wants one. */
export function KeyDialog() {
  const wanted = keyWanted.value;
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (wanted) dialog.current?.showModal();
    else dialog.current?.close();
  }, [wanted]);

  /** Without a key there is nothing to see here, and browsers close a dialog on Escape whatever it says to that. */
  function reopen() {
    if (keyWanted.value) dialog.current?.showModal();
  }

  function submit(event: SubmitEvent & { currentTarget: HTMLFormElement }) {
    event.preventDefault();
    const data = new FormData(event.currentTarget);
    const key = String(data.get('key')).trim();
    if (key) enterKey(key, data.get('kept') === 'on');
    event.currentTarget.reset();
  }

  return (
    <dialog ref={dialog} class="key" aria-labelledby="key-title" onClose={reopen}>
      <form onSubmit={submit}>
        <h2 id="key-title">This server needs a key</h2>
        <p class="soft" role="status">
          {wanted === 'refused' ? 'The server does not know the last one.' : 'Whoever runs it can give you one.'}
        </p>
        <label>
          Key
          <input type="password" name="key" required autocomplete="off" />
        </label>
        <label class="check">
          <input type="checkbox" name="kept" />
          Keep it in this browser when the tab is closed
        </label>
        <div class="row end">
          <button type="submit" class="button primary">
            Continue
          </button>
        </div>
      </form>
    </dialog>
  );
}
