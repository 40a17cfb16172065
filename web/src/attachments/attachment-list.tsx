import { useEffect, useState } from 'preact/hooks';
import { type Attachment, kindOf } from '../conversations/attachment.ts';
import './attachments.css';
import { loadBytes } from './bytes.ts';
import { inMegabytes } from './sizes.ts';

export interface AttachmentListProps {
  readonly attachments: readonly (Attachment & { readonly blob?: Blob })[];
  readonly onRemove?: (id: string) => void;
}

/** What a question comes with, each with a small view of it. */
export function AttachmentList({ attachments, onRemove }: AttachmentListProps) {
  return (
    <ul class="attachments" aria-label="Attachments">
      {attachments.map((attachment) => (
        <li key={attachment.id}>
          <AttachmentView attachment={attachment} />
          {onRemove && (
            <button
              type="button"
              class="icon"
              aria-label={`Remove ${attachment.name}`}
              title="Remove"
              onClick={() => onRemove(attachment.id)}
            >
              ✕
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function AttachmentView({ attachment }: { readonly attachment: AttachmentListProps['attachments'][number] }) {
  const { name, bytes } = attachment;
  const url = useBytes(attachment);
  const [isBroken, setBroken] = useState(false);
  const isPicture = kindOf(attachment) === 'image' && !isBroken; // Of some that models look at, browsers show none.
  if (url === null) return <span class="attachment gone">{name} is not in this browser any longer</span>;
  if (url === undefined) return <span class="attachment">{isPicture ? '' : name}</span>;
  // Saved, not opened: in a tab of its own a drawing may hold a script, which would be ours.
  return (
    <a class="attachment" href={url} download={name} title={`${name}, ${inMegabytes(bytes)}`}>
      {isPicture ? (
        <img src={url} alt={name} onError={() => setBroken(true)} />
      ) : (
        <>
          <span class="attachment-name">{name}</span>
          <span class="soft">{inMegabytes(bytes)}</span>
        </>
      )}
    </a>
  );
}

/** @returns where the bytes are; undefined until they are found, null where they are not there */
function useBytes({ id, blob }: AttachmentListProps['attachments'][number]): string | undefined | null {
  const [url, setUrl] = useState<string | undefined | null>();
  useEffect(() => {
    let made: string | null = null;
    let isOver = false;
    void Promise.resolve(blob ?? loadBytes(id)).then((bytes) => {
      if (isOver) return;
      made = bytes ? URL.createObjectURL(bytes) : null;
      setUrl(made);
    });
    return () => {
      isOver = true;
      if (made) URL.revokeObjectURL(made);
    };
  }, [id]);
  return url;
}
