import { useRef, useState } from 'preact/hooks';
import { conversations, newerOf, put } from './store.ts';

/** To take conversations elsewhere, and to bring them back. */
export function Transfer() {
  const [told, setTold] = useState('');
  const field = useRef<HTMLInputElement>(null);

  /** Each throws in words for people. */
  async function tell(run: () => Promise<string>) {
    setTold(await run().catch((error: unknown) => (error instanceof Error ? error.message : String(error))));
  }

  async function save() {
    const { exportConversations } = await import('./transfer.ts');
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await exportConversations(conversations.value));
    link.download = `modelql-${new Date().toISOString().slice(0, 10)}.json`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
    return '';
  }

  async function read(file: File) {
    const { parseConversations } = await import('./transfer.ts');
    const { conversations: brought, keepAttachments } = await parseConversations(file);
    const taken = newerOf(brought);
    await keepAttachments(taken);
    taken.forEach(put);
    const known = brought.length - taken.length;
    return `${taken.length} brought in${known > 0 ? `, ${known} here already` : ''}.`;
  }

  return (
    <div class="transfer">
      <button type="button" class="quiet" disabled={conversations.value.length === 0} onClick={() => tell(save)}>
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
          if (file) void tell(() => read(file));
          currentTarget.value = '';
        }}
      />
      <p class="soft" role="status">
        {told}
      </p>
    </div>
  );
}
