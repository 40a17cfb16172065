import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/** In the order in which they stand on the page. Each has a file of its own. */
const SUBJECTS = [
  'Leaving',
  'Leaving at every stage',
  'Leaving by the thousand',
  'Behind nginx',
  'Ending a chat',
  'Integrity',
  'Broken answers',
  'Slow and hostile clients',
  'Protocol',
  'Documents and bodies',
  'Large answers',
  'Large bodies',
  'Random requests',
  'Secrets',
  'Load',
  'Stop',
  'Several nodes',
  'Soak',
];

const DOCS = join(import.meta.dirname, '../../docs');
const PAGE = join(DOCS, 'reliability.md');

export interface Line {
  readonly fact: string;
  readonly done: string;
  readonly expected: string;
  readonly measured: string;
  /** `met`, or in what way it was not. */
  readonly outcome: string;
}

/** Writes sections of docs/reliability.md anew, and leaves the others as they are. */
export function writeSections(fresh: ReadonlyMap<string, string>): void {
  const sections = new Map([...readSections(), ...fresh]);
  const facts = [...sections.values()].flatMap((text) =>
    text.split('\n').filter((line) => /^\| (?!fact |---)/.test(line)),
  );
  const met = facts.filter((line) => line.endsWith('| met |')).length;
  const body = SUBJECTS.flatMap((name) => (sections.get(name) ? `\n## ${name}\n\n${sections.get(name)}\n` : []));
  writeFileSync(
    PAGE,
    `# Reliability

What was tried on this server, what was expected, and what came out: real servers and clients on one loopback interface, no part of them replaced. \`npm run reliability\` runs all rows but the soak and writes this page, misses included; \`npm run soak\` runs that, for 30 minutes unless \`-- --minutes N\` says otherwise; \`npm test\` runs the quick rows at every change, some of them in a shorter form, and asserts no times: it has to be green on a slow machine, too.

${facts.length} rows: ${met} came out as expected, ${facts.length - met} did not.
${body.join('')}`,
  );
}

/** @param more what stands below the table */
export function sectionOf(lines: readonly Line[], more = ''): string {
  const where = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform}, ${availableParallelism()} cores that other work was using too.`;
  const head = '| fact | what was done | expected | measured | |\n| --- | --- | --- | --- | --- |';
  return `${where}\n\n${head}\n${lines.map(print).join('\n')}${more}`;
}

export function print({ fact, done, expected, measured, outcome }: Line): string {
  const cells = [fact, done, expected, measured, outcome];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
}

export function writePicture(name: string, svg: string): void {
  writeFileSync(join(DOCS, name), svg);
}

function readSections(): Map<string, string> {
  const [, ...sections] = readFileSync(PAGE, 'utf8').split(/^## /m);
  return new Map(
    sections.map((section) => {
      const [name = '', ...lines] = section.split('\n');
      return [name, lines.join('\n').trim()];
    }),
  );
}
