import { useState } from 'preact/hooks';
import { copyText } from './copy.ts';

interface CopyButtonProps {
  readonly text: () => string;
  readonly label: string;
  readonly title?: string;
  readonly quiet?: boolean;
}

/** Puts a text on the clipboard, and says so. */
export function CopyButton({ text, label, title, quiet = false }: CopyButtonProps) {
  const [isCopied, setCopied] = useState(false);
  async function copy() {
    await copyText(text());
    setCopied(true);
    setTimeout(() => setCopied(false), 1500);
  }
  return (
    <button type="button" class={quiet ? 'quiet' : 'button'} title={title ?? label} onClick={copy}>
      {isCopied ? 'Copied' : label}
    </button>
  );
}
