import { useRef, useState } from 'preact/hooks';
import { bringIn, conversations } from './store.ts';
import { exportConversations, parseConversations } from './transfer.ts';

/** To take conversations elsewhere, and to bring them back. */
export function Transfer() {
  const [told, setTold] = useState('');
  const field = useRef<HTMLInputElement>(null);

  function save() {
    const link = document.createElement('a');
    link.href = URL.createObjectURL(exportConversations(conversations.value));
    link.download = `modelql-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  async function read(file: File) {
    try {
      const brought = parseConversations(await file.text());
      const count = bringIn(brought);
      setTold(`${count} brought in${count < brought.length ? `, ${brought.length - count} here already` : ''}.`);
    } catch (error) {
      setTold(error instanceof Error ? error.message : String(error));
    }
  }

  return (
    <div class="transfer">
      <button type="button" class="quiet" disabled={conversations.value.length === 0} onClick={save}>
        Export
      </button>
      <button type="button" class="quiet" onClick={() => field.current?.click()}>
        Import
      </button>
      <input
        ref={field}
        type="file"
        accept="application/json,.json"
        hidden
        aria-label="A file of exported conversations"
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file) void read(file);
          currentTarget.value = '';
        }}
      />
      <p class="soft" role="status">
        {told}
      </p>
    </div>
  );
}
