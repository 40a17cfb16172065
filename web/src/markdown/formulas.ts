let setter: typeof import('./set-formulas.ts') | undefined;

/**
 * Sets the formulas in an element. What sets them is loaded when there is first a formula; from then on it happens at
 * once, before the element is seen.
 */
export async function setFormulasIn(element: HTMLElement): Promise<void> {
  const formulas = element.querySelectorAll('.formula:not(:has(*))');
  if (formulas.length === 0) return;
  setter ??= await import('./set-formulas.ts');
  setter.setFormulas([...formulas]);
}
