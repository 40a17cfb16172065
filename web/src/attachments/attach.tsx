import { useEffect, useRef } from 'preact/hooks';
import type { Kind } from '../conversations/attachment.ts';
import { limitOf } from '../models/abilities.ts';
import { chooseFiles, filesProblem } from './chosen-files.ts';

function refusalOf(ability: Kind | 'files'): string | null {
  const { isOff, reason } = limitOf(ability);
  return isOff ? reason : null;
}

export const attach = (files: Iterable<File>): Promise<void> => chooseFiles([...files], refusalOf);

/** Opens the browser's dialog for files. Grey where the chosen models take none. */
export function AttachButton() {
  const field = useRef<HTMLInputElement>(null);
  const refusal = refusalOf('files');
  return (
    <>
      <button
        type="button"
        class="icon attach"
        aria-disabled={refusal !== null}
        title={refusal ?? 'Attach pictures or files'}
        onClick={() => {
          if (refusal === null) field.current?.click();
          else filesProblem.value = refusal;
        }}
      >
        <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
          <path d="M20 11.5 12.2 19.3a5 5 0 0 1-7.1-7.1l8-8a3.4 3.4 0 0 1 4.8 4.8l-8 8a1.7 1.7 0 0 1-2.4-2.4l7.3-7.3" />
        </svg>
        <span class="unseen">Attach pictures or files{refusal === null ? '' : `. ${refusal}`}</span>
      </button>
      <input
        ref={field}
        type="file"
        multiple
        hidden
        aria-label="Pictures or files"
        onChange={({ currentTarget }) => {
          void attach(currentTarget.files ?? []);
          currentTarget.value = '';
        }}
      />
    </>
  );
}

/** For `onPaste`. */
export function pasteFiles(event: ClipboardEvent): void {
  const { clipboardData } = event;
  if (!clipboardData || clipboardData.files.length === 0 || isDocument(clipboardData)) return;
  event.preventDefault();
  void attach(clipboardData.files);
}

/** What was copied from a document may be a picture of itself too: the text is meant. Of a file, plain text is the name. */
function isDocument({ types }: DataTransfer): boolean {
  return types.includes('text/plain') && (types.includes('text/html') || types.includes('text/rtf'));
}

/** Files may be dropped anywhere on the page. @param onHover told whether some are held over it */
export function useDroppedFiles(onHover: (isOver: boolean) => void): void {
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      onHover(true);
    };
    const leave = ({ relatedTarget }: DragEvent) => relatedTarget === null && onHover(false);
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      onHover(false);
      void attach(event.dataTransfer.files);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
    };
  }, []);
}
