// Tells which text is a formula, and which is a price, a sign or a bracket.

/** A formula ends at the first end that it can have, so that telling takes no longer than reading. */
interface Form {
  readonly begin: RegExp;
  /** What comes before the end. What has a backslash before it ends nothing; code is no part of a formula. */
  readonly step: RegExp;
  readonly end: RegExp;
}

const DOLLARS: Form = {
  begin: /(?<![A-Za-z\d$])\$\$(?!\$)/,
  step: /(?:\\[\s\S]|[^\\$`]|\$(?!\$))/,
  end: /\$\$(?!\$)/,
};
const BRACKETS: Form = { begin: /\\\[/, step: /(?:\\[^[\]]|[^\\`])/, end: /\\\]/ };
const PARENTHESES: Form = { begin: /\\\(/, step: /(?:\\[^()]|[^\\`])/, end: /\\\)/ };
/** A price has a blank before the next dollar, or a digit behind that. Behind a formula may be what makes it an ordinal. */
const DOLLAR: Form = {
  begin: /(?<![A-Za-z\d$])\$(?![\s$])/,
  step: /(?:\\.|[^\\$`\n])/,
  end: /(?<!\s)\$(?![\d${]|(?!(?:st|nd|rd|th|s)\b)[A-Za-z])/,
};
const FORMS = [DOLLARS, BRACKETS, PARENTHESES, DOLLAR];
const DISPLAYED = [DOLLARS, BRACKETS];

const whole = (forms: readonly Form[]): string =>
  `(?:${forms.map(({ begin, step, end }) => `${begin.source}${step.source}+?${end.source}`).join('|')})`;

/** At the end of a text that grows, the end of a formula may be to come. */
const begun = (forms: readonly Form[]): string =>
  `(?<begun>(?:${forms.map(({ begin, step }) => `${begin.source}${step.source}*`).join('|')})\\\\?$)`;

const INLINE = new RegExp(`^${whole(FORMS)}`);
const BLOCK = new RegExp(`^ {0,3}(?:${whole(DISPLAYED)}[ \\t]*(?:\\n+|$)|${begun(DISPLAYED)})`);
const ANYWHERE = new RegExp(`(?<!\\\\)(?:${whole(FORMS)}|${begun(FORMS)})`, 'g');
const BLANK_LINE = /\n[ \t]*\n/;

/** The formula that a text begins with. */
export function inlineFormula(text: string): string | undefined {
  const [formula] = INLINE.exec(text) ?? [];
  return formula === undefined || isProse(formula) || isPlain(formula) ? undefined : formula;
}

/** The formula that stands on lines of its own where a text begins. One that has only begun goes on to the end of it. */
export function blockFormula(text: string): { readonly raw: string; readonly isBegun: boolean } | undefined {
  const match = BLOCK.exec(text);
  if (!match) return undefined;
  const [raw] = match;
  const isBegun = match.groups?.begun !== undefined;
  const isText = isBegun ? BLANK_LINE.test(raw) : isPlain(raw);
  return isText || isProse(raw) ? undefined : { raw, isBegun };
}

/** Changes a text, but for its formulas. One that has only begun comes out as text that Markdown leaves alone. */
export function aroundFormulas(text: string, change: (text: string) => string): string {
  const kept: string[] = [];
  const masked = text.replace(ANYWHERE, (formula, ...rest) => {
    const [isBegun, at] = [rest.at(-1).begun !== undefined, rest.at(-3)];
    if (isProse(formula) || (isBegun && (isInCode(text, at) || isPrice(formula)))) return formula;
    kept.push(isBegun ? formula.replace(/[!-/:-@[-`{-~]|(?<=\d)\./g, '\\$&') : formula);
    return `\uE000${kept.length - 1}\uE001`;
  });
  return change(masked).replace(/\uE000(\d+)\uE001/g, (mask, at) => kept[at] ?? mask);
}

/** Whether code is open at a place. */
function isInCode(text: string, at: number): boolean {
  const before = text.slice(0, at);
  const fences = before.match(/^[\s>]*(?:```|~~~)/gm) ?? [];
  const spans = before.slice(before.lastIndexOf('\n') + 1).match(/`+/g) ?? [];
  return fences.length % 2 === 1 || spans.length % 2 === 1;
}

/** The text with its formulas hidden, of the same length. */
export const withoutFormulas = (text: string): string =>
  text.replace(ANYWHERE, (formula) => (isProse(formula) ? formula : 'a'.repeat(formula.length)));

export const isDisplayed = (formula: string): boolean => /^\s*(?:\$\$|\\\[)/.test(formula);

/** What is between the delimiters. */
export const contentOf = (formula: string): string =>
  formula.replace(/^\s*(?:\$\$?|\\[[(])|(?:\$\$?|\\[\])])\s*$/g, '').trim();

/** Words side by side, as no formula has them. */
const WORDS = /\p{L}{2,}[).,;:!?]*\s+\(?\p{L}{2,}/u;
/** After a number one is enough, or the sign of a currency within brackets. */
const WORD = /(?<![\p{L}\d])(?:\p{L}{3,}|to|or|in|is|at|by|of|on|if|vs|an)(?!\p{L})|\([^)]*$|\p{sc=Han}/iu;
/** A command and what is in its braces, where words may stand. */
const COMMANDS = /\\[a-z]+\*?(?:\s*\{[^{}]*\})*|[_^]\{[^{}]*\}/gi;
/** Between two signs that are spoken of, or in an address. */
const BETWEEN_SIGNS = /^[)'"”’*,;:]|:\/\/|\]\([/#]/;

/** Whether what is between the delimiters reads as text: prices, brackets that were escaped. */
function isProse(formula: string): boolean {
  const content = contentOf(formula);
  const bare = content.replace(COMMANDS, ' ');
  const hasWords = WORDS.test(bare) || (/^\d/.test(content) && WORD.test(bare));
  return hasWords || BETWEEN_SIGNS.test(content);
}

/** Nothing; a note's number or a word in brackets: `\[1\]`, `\[sic\]`; a word between two signs for dear: `$$ or $$`. */
function isPlain(formula: string): boolean {
  const content = contentOf(formula);
  const plain = formula.includes('$') ? /^[\p{L}\s]{2,}$/u : /^(?:\d+|x|[\p{L}\s]{2,})$/u;
  return content === '' || (isDisplayed(formula) && plain.test(content));
}

const isPrice = (formula: string): boolean => /^\$\d[^\\^_{]*$/.test(formula);
