import { signal } from '@preact/signals';
import DOMPurify from 'dompurify';
import { Marked, type Parser, type Tokens } from 'marked';
import remend from 'remend';
import type { aroundFormulas } from './formula-tokens.ts';

const marked = new Marked({
  gfm: true,
  tokenizer: {
    // What a model writes as HTML is text, in which Markdown goes on being Markdown; but for a line break.
    html: () => undefined,
    tag: (source) => (/^<br ?\/?>/i.test(source) ? false : undefined),
  },
  renderer: {
    html: () => '<br>',
    checkbox: ({ checked }) =>
      `<input type="checkbox" disabled aria-label="${checked ? 'Done' : 'To do'}"${checked ? ' checked' : ''}> `,
    // A picture from elsewhere would tell its server who reads this.
    image: ({ href, text }) => link(href, escapeHtml(text || href)),
    link({ href, tokens }) {
      return link(href, this.parser.parseInline(tokens));
    },
    table(token) {
      return `<div class="table" tabindex="0" role="region" aria-label="Table">${table(token, this.parser)}</div>`;
    },
    code({ text, lang }) {
      const language = /^[\w+#.-]+/.exec(lang ?? '')?.[0] ?? '';
      return `<figure class="code"><figcaption><span>${escapeHtml(language || 'text')}</span><button type="button" class="quiet copy">Copy</button></figcaption><pre tabindex="0"><code data-language="${escapeHtml(language)}">${escapeHtml(text)}\n</code></pre></figure>`;
    },
  },
});

type Inline = Pick<Parser, 'parseInline'>;

function table({ header, rows }: Tokens.Table, parser: Inline): string {
  const cell = (tag: 'th' | 'td') => (one: Tokens.TableCell) =>
    `<${tag}${one.align ? ` class="${one.align}"` : ''}>${parser.parseInline(one.tokens)}</${tag}>`;
  const body = rows.map((row) => `<tr>${row.map(cell('td')).join('')}</tr>`).join('');
  return `<table><thead><tr>${header.map(cell('th')).join('')}</tr></thead><tbody>${body}</tbody></table>`;
}

function link(href: string, inner: string): string {
  return `<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">${inner}</a>`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Whether formulas are told from text. */
export const knowsFormulas = signal(false);

let around: typeof aroundFormulas | undefined;

/** What tells formulas from text is loaded when there is first a text that may have some. */
export async function learnFormulas(text: string): Promise<void> {
  if (knowsFormulas.value || !/\$|\\[([]/.test(text)) return;
  const grammar = await import('./formula-tokens.ts');
  if (knowsFormulas.value) return; // Another text may have had some too.
  marked.use(grammar.formulas);
  around = grammar.aroundFormulas;
  knowsFormulas.value = true;
}

/** The blocks that a text is made of. While it grows, only the last one changes. */
export function toBlocks(text: string): string[] {
  const blocks: string[] = [];
  for (const { type, raw } of marked.lexer(text)) {
    if (type === 'space' && blocks.length > 0) blocks[blocks.length - 1] += raw;
    else blocks.push(raw);
  }
  return blocks;
}

/** What is half written is shown without its mark-up. */
const HALF_WRITTEN = { linkMode: 'text-only', images: false, htmlTags: false, katex: false } as const;

/** @param isOpen whether more of the block is to come: what it has opened is closed for now */
export function toHtml(block: string, isOpen: boolean): string {
  const close = (text: string) => remend(text, HALF_WRITTEN);
  const whole = isOpen ? (around?.(block, close) ?? close(block)) : block;
  const html = marked.parse(whole, { async: false });
  return DOMPurify.sanitize(html, { ADD_ATTR: ['target'], FORBID_ATTR: ['style'], FORBID_TAGS: ['style', 'form'] });
}
