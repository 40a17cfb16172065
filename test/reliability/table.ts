import type { Reporter, TestCase, TestModule } from 'vitest/node';
import { type Line, print, sectionOf, writeSections } from './page.ts';

/** Tells what each row measured, and writes docs/reliability.md: the sections whose rows have all run, and no others. */
export class Table implements Reporter {
  onTestCaseResult(test: TestCase): void {
    process.stdout.write(`${print(lineOf(test))}\n`);
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const sections = new Map<string, string>();
    for (const { name, children } of modules.flatMap((module) => [...module.children.suites()])) {
      const rows = [...children.allTests()];
      if (rows.every((row) => row.result().state !== 'skipped')) sections.set(name, sectionOf(rows.map(lineOf)));
    }
    writeSections(sections);
  }
}

function lineOf(test: TestCase): Line {
  const { done = '', expected = '', measured = 'nothing', missed } = test.meta().row ?? {};
  return { fact: test.name, done, expected, measured, outcome: outcomeOf(test, missed) };
}

function outcomeOf(test: TestCase, missed: string | undefined): string {
  const { state, errors = [] } = test.result();
  if (state === 'passed') return missed === undefined ? 'met' : `**missed**: ${missed}`;
  return `**failed**: ${errors[0]?.message.split('\n')[0] ?? state}`;
}
