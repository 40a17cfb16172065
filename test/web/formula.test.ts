import { Marked } from 'marked';
import remend from 'remend';
import { describe, expect, test } from 'vitest';
import { aroundFormulas } from '../../web/src/markdown/formula.ts';
import { formulas } from '../../web/src/markdown/formula-tokens.ts';

const marked = new Marked(formulas);

/** The sources of all formulas in a text, in order. */
function formulasIn(text: string): string[] {
  const found: string[] = [];
  marked.walkTokens(marked.lexer(text), ({ type, raw }) => {
    if (type === 'formula' || type === 'formula-block') found.push(raw.trim());
  });
  return found;
}

describe('a formula', () => {
  test.for([
    ['It takes $O(n)$ steps.', ['$O(n)$']],
    ['$x$', ['$x$']],
    ['$5$ and $2x + 3$', ['$5$', '$2x + 3$']],
    ['($a$), [$b$], "$c$", $d$; $e$.', ['$a$', '$b$', '$c$', '$d$', '$e$']],
    ['the $n$th and the $i$-th, all $k$s', ['$n$', '$i$', '$k$']],
    ['函数$f(x)$的值', ['$f(x)$']],
    ['$2\\pi r$ is $5 \\text{ metres per second}$', ['$2\\pi r$', '$5 \\text{ metres per second}$']],
    ['$a_1 * b_2 * c_3$ and *this*', ['$a_1 * b_2 * c_3$']],
    ['*so $a*b$ it is*', ['$a*b$']],
    ['**Let $x^*$ be** the $y^*$', ['$x^*$', '$y^*$']],
    ['$|x| < 1$ and $a<b$, $]0,1[$, $\\mathcal{L}[f](s)$', ['$|x| < 1$', '$a<b$', '$]0,1[$', '$\\mathcal{L}[f](s)$']],
    ['$\\{1, 2\\}$ and $\\$5 \\cdot n$', ['$\\{1, 2\\}$', '$\\$5 \\cdot n$']],
    ['It costs $5 for $n$ items, $10 for $m$.', ['$n$', '$m$']],
    ['At \\(x = \\frac{1}{2}\\), \\(f[x](y)\\).', ['\\(x = \\frac{1}{2}\\)', '\\(f[x](y)\\)']],
    ['So $$x^2$$ it is, or \\[ y \\] or $$E$$.', ['$$x^2$$', '\\[ y \\]', '$$E$$']],
    ['Look:\n$$\nx\n= y\n- z\n$$\nDone.', ['$$\nx\n= y\n- z\n$$']],
    ['$$\na\n\n+ b\n$$', ['$$\na\n\n+ b\n$$']],
    ['\\[\n\\begin{aligned}\na &= b \\\\[4pt]\n# &= c\n\\end{aligned}\n\\]', [expect.stringContaining('\\\\[4pt]')]],
    ['1. First:\n\n   $$\n   x\n   $$\n\n2. Then $y$', ['$$\nx\n$$', '$y$']],
    ['> $$x$$\n\n| a |\n| - |\n| $b$ |', ['$$x$$', '$b$']],
    ['$$\\text{costs $5$ each}$$', ['$$\\text{costs $5$ each}$$']],
    ['### The $n$ of it', ['$n$']],
  ] as const)('is found in %j', ([text, found]) => {
    expect(formulasIn(text)).toEqual(found);
  });
});

describe('no formula', () => {
  test.for([
    'It costs $5 to $10.',
    'It costs $5 and $7.50, or $1,000.00.',
    'From US$5 to US$10, A$7, CA$ 8 and R$9.',
    'Between $5-$10, $5–$10, $5/$10, $100k-$200k, $1M/$2M.',
    'I have $5. You have 10$.',
    'Pay 5$ or 10$ or 15$, 20$/30$.',
    'It costs $5 and 10$ a day, $20 for two (in US$).',
    'It is $5 (US$) each, from $5(USD) to $6.',
    'Win $$$ or $$$$ today, cheap ($), dear ($$), dearer ($$$).',
    'places ($$) and ($$), $$ or $$, $$ and $$$',
    'the signs $, € and $; "$" or "$"; \'$\' and \'$\'; **$** and **$**',
    '**$5** and **$10**, ~~$10~~ $5, _$5_ and _$6_',
    'Set $HOME and $PATH, or $HOME:$PATH, ${A}/${B}.',
    'the $-sign of the US, not the A$',
    'Escaped: \\$5 to 6\\$, \\$x\\$, $5 and \\$6$.',
    '价格从$5到$10',
    'Pay $ 5 or $ 6 $',
    '`$x$` and ``$y$ ` `` and `a` costs $5`b$',
    '```\n$x$\n$$\ny\n$$\n```',
    '    $x$ indented',
    '[a $x$ b](https://e.example/?$a=$b) and <https://e.example/$x$> and https://e.example/$x$y',
    '$5 at [shop](https://e.example/?a=$), or [$6](https://e.example/$)',
    'foo\\(see the text below\\) and a note\\[1\\], \\[sic\\], \\[x\\]',
    'f\\\\(x\\\\) is escaped twice',
    '$x\n$ and $y\nz$',
    '$ $ and $$ $$ and \\( \\) and \\[ \\]',
  ])('is found in %j', (text) => {
    expect(formulasIn(text)).toEqual([]);
  });
});

/** As a block is shown that is still growing. */
function whileItGrows(text: string): string {
  const shown = aroundFormulas(text, (around) => remend(around, { linkMode: 'text-only', katex: false }));
  return marked.parse(shown, { async: false }).trim();
}

describe('while it grows', () => {
  test.for([
    '$$\nx\n=',
    '$$\nx\n--',
    '$$\n# a\n- b\n',
    '\\[\na*b*c [d',
    '\\',
    '\\(',
    '\\(a_{1}*b*',
    '$x^*_i + y^*',
    '$\\{x\\}, [0, 1',
    '$2x_1*y*z [a',
    '$',
    '$$',
    '$$x',
    '$$x$',
  ])('a formula is its text until it is closed: %j', (text) => {
    const words = whileItGrows(`so\n${text}`).replace(/<p>|<\/p>/g, '');
    expect(words.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(code)).trim()).toBe(`so\n${text}`.trim());
  });

  test('what stands before an open formula is Markdown still', () => {
    expect(whileItGrows('**so $x*y')).toBe('<p><strong>so $x*y</strong></p>');
    expect(whileItGrows('It is $[0, 1)$ and **bo')).toBe(
      '<p>It is <span class="formula">$[0, 1)$</span> and <strong>bo</strong></p>',
    );
    expect(whileItGrows('It costs $5 and **bo')).toBe('<p>It costs $5 and <strong>bo</strong></p>');
    expect(whileItGrows('```\n$x*y')).toContain('$x*y');
    expect(whileItGrows('`$x*y')).toBe('<p><code>$x*y</code></p>');
  });

  test('lines of an open formula are one block, unless it has turned out to be none', () => {
    const typesOf = (text: string) => marked.lexer(text).map(({ type }) => type);
    expect(typesOf('So:\n$$\nx\n- y\n# z')).toEqual(['paragraph', 'formula-block']);
    expect(typesOf('$$\nx\n- y\n\n# z')).toEqual(['paragraph', 'list', 'space', 'heading']);
    expect(typesOf('$$ is what it costs\n\n- y')).toEqual(['paragraph', 'space', 'list']);
  });

  test('each piece is shown in a time that grows no faster than the text', () => {
    for (const piece of ['\\[ ', '\\( ', '$a ', '$$ ', '$$\n', '\\[\n', '$x$ ', '{$'])
      expect(whileItGrows(piece.repeat(5000)).length).toBeGreaterThan(5000);
  });
});
