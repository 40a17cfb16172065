import type { MarkedExtension, RendererThis, TokenizerAndRendererExtension } from 'marked';
import { blockFormula, inlineFormula, isDisplayed, withoutFormulas } from './formula.ts';

export { aroundFormulas } from './formula.ts';

const block: TokenizerAndRendererExtension = {
  name: 'formula-block',
  level: 'block',
  start: (source) => startOfBlock(source),
  tokenizer(source) {
    const formula = blockFormula(source);
    return formula && { type: 'formula-block', ...formula };
  },
  renderer({ raw, isBegun }) {
    return isBegun ? `<p>${escaped(raw, this)}</p>` : toHtml('div', raw.trim(), this);
  },
};

/** Where a paragraph ends because a formula begins. */
function startOfBlock(source: string): number | undefined {
  const end = source.indexOf('\n\n'); // A paragraph goes no further.
  const paragraph = end < 0 ? source : source.slice(0, end);
  for (const { index } of paragraph.matchAll(/\n(?= {0,3}(?:\$\$|\\\[))/g)) {
    if (blockFormula(source.slice(index + 1))) return index + 1;
  }
  return undefined;
}

const inline: TokenizerAndRendererExtension = {
  name: 'formula',
  level: 'inline',
  start(source) {
    const at = source.indexOf('$');
    return at < 0 ? undefined : at;
  },
  tokenizer(source, before) {
    if (this.lexer.state.inLink) return undefined;
    if (source.startsWith('$') && /[A-Za-z\d$]$/.test(before.at(-1)?.raw ?? '')) return undefined;
    const raw = inlineFormula(source);
    return raw === undefined ? undefined : { type: 'formula', raw };
  },
  renderer({ raw }) {
    return toHtml('span', raw, this);
  },
};

/** The source, which stands there until it is set. A displayed one may be wider than the page, and is then scrolled. */
function toHtml(tag: 'div' | 'span', source: string, renderer: RendererThis): string {
  const more = isDisplayed(source) ? ' displayed" tabindex="0" role="group" aria-label="Formula' : '';
  return `<${tag} class="formula${more}">${escaped(source, renderer)}</${tag}>`;
}

const escaped = (text: string, { parser }: RendererThis): string =>
  parser.renderer.text({ type: 'text', raw: text, text });

/** Formulas in Markdown, as text that is to be set. What would be emphasis, an escape or a heading in them is not. */
export const formulas: MarkedExtension = {
  extensions: [block, inline],
  hooks: { emStrongMask: withoutFormulas },
};
