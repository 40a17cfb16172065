import { distance } from 'fastest-levenshtein';

/** Of things with several names each, the first names of those that come closest to `asked` with any of them. */
export function closestTo(
  asked: string,
  candidates: readonly (readonly [string, ...string[]])[],
  count: number,
): string[] {
  const wanted = asked.toLowerCase();
  return candidates
    .map((names) => ({ name: names[0], far: Math.min(...names.map((name) => howFar(wanted, name.toLowerCase()))) }))
    .sort((a, b) => a.far - b.far)
    .slice(0, count)
    .map(({ name }) => name);
}

/** A name that contains what was asked comes before every other. */
function howFar(asked: string, name: string): number {
  return name.includes(asked) ? 0 : distance(asked, name);
}
