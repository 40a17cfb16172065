export interface Curve {
  readonly name: string;
  readonly values: readonly number[];
}

const WIDTH = 720;
const HEIGHT = 120;
const LEFT = 70;
const GAP = 46;

/** Curves over the same minutes, one below the other, each from zero to its largest value. */
export function plot(curves: readonly Curve[], minutes: number): string {
  const height = curves.length * (HEIGHT + GAP) + 20;
  const panels = curves.map(({ name, values }, at) => {
    const top = at * (HEIGHT + GAP) + 26;
    const most = Math.max(1, ...values);
    const points = values.map((value, place) => {
      const x = LEFT + (place / Math.max(1, values.length - 1)) * (WIDTH - LEFT - 10);
      return `${x.toFixed(1)},${(top + HEIGHT - (value / most) * HEIGHT).toFixed(1)}`;
    });
    const bottom = top + HEIGHT;
    return `<text x="${LEFT}" y="${top - 8}">${name}</text>
<text x="${LEFT - 8}" y="${top + 6}" text-anchor="end">${most.toFixed(0)}</text><text x="${LEFT - 8}" y="${bottom}" text-anchor="end">0</text>
<path d="M${LEFT} ${top}V${bottom}H${WIDTH - 10}" fill="none" stroke="#888"/>
<text x="${WIDTH - 10}" y="${bottom + 14}" text-anchor="end">${minutes} min</text>
<polyline points="${points.join(' ')}" fill="none" stroke="#2563eb" stroke-width="1.5"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="sans-serif" font-size="12" fill="#444">
<title>What a server holds over ${minutes} minutes of half load</title>
<rect width="${WIDTH}" height="${height}" fill="#fff"/>
${panels.join('\n')}
</svg>
`;
}
