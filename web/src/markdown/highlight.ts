/** Colours the code in an element. The highlighter is loaded when there is first something to colour. */
export async function highlightIn(element: HTMLElement): Promise<void> {
  const codes = [...element.querySelectorAll<HTMLElement>('code[data-language]:not([data-language=""], .hljs)')];
  if (codes.length === 0) return;
  const { default: highlighter } = await import('highlight.js/lib/common');
  for (const code of codes) {
    const { language = '' } = code.dataset;
    if (!highlighter.getLanguage(language)) continue;
    // It escapes what it is given, and adds nothing but spans.
    code.innerHTML = highlighter.highlight(code.textContent, { language, ignoreIllegals: true }).value;
    code.classList.add('hljs');
  }
}
