import katex from 'katex';
import 'katex/dist/katex.min.css';
import { contentOf, isDisplayed } from './formula.ts';

/** Nobody reads a longer one, and setting it would take a while. */
const MAX_LENGTH = 5000;
/** In elements. What is deeper could be more than a browser can lay out; none takes more from a page that it reads. */
const MAX_DEPTH = 500;
/** In one block, and remembered. */
const MAX_COUNT = 1000;

/** By their source. Null for what cannot be set. */
const known = new Map<string, Element | null>();

/** Sets formulas in place of their source. What cannot be set stays as it is. */
export function setFormulas(elements: readonly Element[]): void {
  for (const element of elements.slice(0, MAX_COUNT)) {
    const formula = toElement(element.textContent);
    // The page's policy lets no style be written as text, but it lets a script set one, and copy what has one.
    if (formula) element.replaceChildren(formula.cloneNode(true));
  }
}

/** While an answer grows, its last block is shown anew with each piece. */
function toElement(source: string): Element | null {
  const before = known.get(source);
  if (before !== undefined) return before;
  if (known.size >= MAX_COUNT) known.clear();
  const formula = set(source);
  known.set(source, formula);
  return formula;
}

function set(source: string): Element | null {
  const content = contentOf(source);
  if (content.length > MAX_LENGTH) return null;
  const paper = document.createElement('span');
  try {
    katex.render(content, paper, {
      displayMode: isDisplayed(source),
      strict: 'ignore',
      trust: refuse,
      maxExpand: 500,
      maxSize: 20,
    });
    return depthOf(paper) > MAX_DEPTH ? null : paper.firstElementChild;
  } catch {
    return null; // No LaTeX, or some that it does not know.
  }
}

/** Links, pictures, classes: what asks for trust is not set at all. */
function refuse(): never {
  throw new Error('A formula asks for trust');
}

function depthOf(element: Element): number {
  let depth = 0;
  for (let level = [element]; level.length > 0; depth++) level = level.flatMap(({ children }) => [...children]);
  return depth;
}
