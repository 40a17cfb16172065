import { memo } from 'preact/compat';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { copyText } from '../shell/copy.ts';
import { setFormulasIn } from './formulas.ts';
import { highlightIn } from './highlight.ts';
import './markdown.css';
import { knowsFormulas, learnFormulas, toBlocks, toHtml } from './render.ts';

interface MarkdownProps {
  readonly text: string;
  /** Whether more of it is to come. */
  readonly isOpen: boolean;
}

/** Markdown that may still grow: what has been shown once stays where it is. */
export function Markdown({ text, isOpen }: MarkdownProps) {
  const blocks = useMemo(() => toBlocks(text), [text, knowsFormulas.value]);
  useEffect(() => void learnFormulas(text).catch(() => {}), [text]); // Out of reach of the server they stay text.
  return (
    <div class="markdown">
      {blocks.map((block, at) => (
        <Block key={at} block={block} isOpen={isOpen && at === blocks.length - 1} />
      ))}
    </div>
  );
}

const Block = memo(({ block, isOpen }: { readonly block: string; readonly isOpen: boolean }) => {
  const element = useRef<HTMLDivElement>(null);
  const html = useMemo(() => toHtml(block, isOpen), [block, isOpen, knowsFormulas.value]);
  useEffect(() => {
    element.current?.addEventListener('click', copyCode);
  }, []);
  useLayoutEffect(() => {
    if (element.current) void setFormulasIn(element.current).catch(() => {}); // As above.
  }, [html]);
  useEffect(() => {
    if (!isOpen && element.current) void highlightIn(element.current);
  }, [html, isOpen]);
  return <div ref={element} dangerouslySetInnerHTML={{ __html: html }} />;
});

async function copyCode({ target }: Event): Promise<void> {
  if (!(target instanceof HTMLButtonElement) || !target.classList.contains('copy')) return;
  await copyText(target.closest('figure')?.querySelector('code')?.textContent ?? '');
  target.textContent = 'Copied';
  setTimeout(() => {
    target.textContent = 'Copy';
  }, 1500);
}
