import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** In the order in which they stand on the page. Each has a file of its own. */
const SUBJECTS = [
  'Leaving',
  'Leaving by the thousand',
  'Integrity',
  'Slow and hostile clients',
  'Protocol',
  'Documents and bodies',
  'Secrets',
  'Load',
  'Stop',
];

const PAGE = join(import.meta.dirname, '../../docs/reliability.md');

/** Tells what each row measured, and writes docs/reliability.md: the sections whose rows have all run, and no others. */
export class Table implements Reporter {
  onTestCaseResult(test: TestCase): void {
    process.stdout.write(`${lineOf(test)}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const sections = readSections();
    for (const { name, children } of modules.flatMap((module) => [...module.children.suites()])) {
      const rows = [...children.allTests()];
      if (rows.every((row) => row.result().state !== 'skipped')) sections.set(name, sectionOf(rows));
    }
    writeFileSync(
      PAGE,
      pageOf(SUBJECTS.flatMap((name) => (sections.has(name) ? [[name, sections.get(name) ?? '']] : []))),
    );
  }
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

function sectionOf(rows: readonly TestCase[]): string {
  const where = `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform}, ${availableParallelism()} cores that other work was using too.`;
  const head = '| fact | what was done | expected | measured | |\n| --- | --- | --- | --- | --- |';
  return `${where}\n\n${head}\n${rows.map(lineOf).join('\n')}`;
}

function pageOf(sections: readonly (readonly string[])[]): string {
  const facts = sections.flatMap(([, section = '']) =>
    section.split('\n').filter((line) => /^\| (?!fact |---)/.test(line)),
  );
  const met = facts.filter((line) => line.endsWith('| met |')).length;
  return `# Reliability

What was tried on this server, what was expected, and what came out: real servers and clients on one loopback interface, no part of them replaced. \`npm run reliability\` runs all of it and writes this page, misses included; \`npm test\` runs the quick rows at every change, some of them in a shorter form.

${facts.length} rows: ${met} came out as expected, ${facts.length - met} did not.
${sections.map(([name, section]) => `\n## ${name}\n\n${section}\n`).join('')}`;
}

function lineOf(test: TestCase): string {
  const { done = '', expected = '', measured = 'nothing', missed } = test.meta().row ?? {};
  const said = outcome(test);
  const cells = [test.name, done, expected, measured, said === 'missed' ? `**missed**: ${missed}` : said];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|').replaceAll(/\s+/g, ' ')).join(' | ')} |`;
}

function outcome(test: TestCase): string {
  const { state, errors = [] } = test.result();
  if (state === 'passed') return test.meta().row?.missed === undefined ? 'met' : 'missed';
  return `**failed**: ${errors[0]?.message.split('\n')[0] ?? state}`;
}
