import { writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Reporter, TestCase, TestModule } from 'vitest/node';

/** Tells what each row measured, and writes docs/reliability.md. A run of a part of the rows leaves the page as it is. */
export class Table implements Reporter {
  onTestCaseResult(test: TestCase): void {
    process.stdout.write(`${lineOf(test)}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const rows = Map.groupBy(
      modules.flatMap(({ children }) => [...children.allTests()]),
      ({ parent }) => (parent.type === 'suite' ? parent.name : ''),
    );
    if (SUBJECTS.some((subject) => !rows.has(subject))) return;
    const all = SUBJECTS.flatMap((subject) => rows.get(subject) ?? []);
    const missed = all.filter((row) => outcome(row) !== 'met');
    const page = [
      '# Reliability',
      '',
      'What was tried on this server, what was expected, and what came out: real servers and clients on one loopback interface, no part of them replaced. `npm run reliability` runs all of it and writes this page; `npm test` runs the quick rows at every change, some of them in a shorter form.',
      '',
      `${new Date().toISOString().slice(0, 10)}, Node ${process.versions.node}, ${process.platform}, ${availableParallelism()} cores that other work was using too: ${all.length} rows, ${all.length - missed.length} as expected, ${missed.length} not.`,
      ...SUBJECTS.flatMap((subject) => [
        '',
        `## ${subject}`,
        '',
        '| fact | what was done | expected | measured | |',
        '| --- | --- | --- | --- | --- |',
        ...(rows.get(subject) ?? []).map(lineOf),
      ]),
      '',
    ];
    writeFileSync(join(import.meta.dirname, '../../docs/reliability.md'), page.join('\n'));
  }
}

const SUBJECTS = [
  'Leaving',
  'Integrity',
  'Slow and hostile clients',
  'Protocol',
  'Documents and bodies',
  'Secrets',
  'Load',
  'Stop',
];

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
