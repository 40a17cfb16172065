import { memo } from 'preact/compat';
import { useRef, useState } from 'preact/hooks';
import { here, toHash } from '../shell/route.ts';
import { takeFocus } from '../shell/take-focus.ts';
import { isRunning } from './answer.ts';
import { type Conversation, contains } from './conversation.ts';
import './conversation-list.css';
import { conversations, remove, rename } from './store.ts';
import { Transfer } from './transfer-buttons.tsx';

/** Every conversation of this browser, found by its words. */
export function ConversationList() {
  const [words, setWords] = useState('');
  const found = conversations.value
    .filter((conversation) => words.trim() === '' || contains(conversation, words.trim()))
    .sort((one, other) => other.changedAt - one.changedAt);
  return (
    <>
      <input
        type="search"
        aria-label="Search conversations"
        placeholder="Search"
        value={words}
        onInput={({ currentTarget }) => setWords(currentTarget.value)}
      />
      <ul class="conversations">
        {found.map((conversation) => (
          <Entry
            key={conversation.id}
            conversation={conversation}
            isCurrent={here.value.page === 'chat' && here.value.id === conversation.id}
          />
        ))}
      </ul>
      {found.length === 0 && <p class="soft none">{words ? 'Nothing is found.' : 'No conversations yet.'}</p>}
      <Transfer />
    </>
  );
}

interface EntryProps {
  readonly conversation: Conversation;
  readonly isCurrent: boolean;
}

const Entry = memo(({ conversation, isCurrent }: EntryProps) => {
  const [isEditing, setEditing] = useState(false);
  const { id, title, turns } = conversation;
  if (isEditing) return <TitleField conversation={conversation} onDone={() => setEditing(false)} />;
  return (
    <li class={isCurrent ? 'current' : ''}>
      <a href={toHash({ page: 'chat', id })} aria-current={isCurrent ? 'page' : undefined}>
        {title || 'Untitled'}
        {turns.at(-1)?.answers.some(isRunning) && <span class="soft"> …</span>}
      </a>
      <button
        type="button"
        class="icon"
        aria-label={`Rename: ${title}`}
        title="Rename"
        onClick={() => setEditing(true)}
      >
        ✎
      </button>
      <button
        type="button"
        class="icon"
        aria-label={`Delete: ${title}`}
        title="Delete"
        onClick={() => {
          if (!confirm(`Delete “${title}”? It is kept nowhere else.`)) return;
          remove(conversation);
          if (isCurrent) here.value = { page: 'chat', id: null };
        }}
      >
        ✕
      </button>
    </li>
  );
});

function TitleField({ conversation, onDone }: { readonly conversation: Conversation; readonly onDone: () => void }) {
  const isOver = useRef(false);
  function finish(title: string) {
    if (isOver.current) return; // Losing the focus follows on Enter and Escape.
    isOver.current = true;
    if (title.trim() && title !== conversation.title) rename(conversation, title.trim());
    onDone();
  }
  return (
    <li>
      <input
        aria-label="Title"
        ref={takeFocus}
        defaultValue={conversation.title}
        onBlur={({ currentTarget }) => finish(currentTarget.value)}
        onKeyDown={({ key, currentTarget }) => {
          if (key === 'Enter') finish(currentTarget.value);
          if (key === 'Escape') finish(conversation.title);
        }}
      />
    </li>
  );
}
