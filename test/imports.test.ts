import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'modelql-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Of each file, imports that lead over a wall. */
const OVER_A_WALL = {
  'web/src/main.tsx': ['../../src/app.ts'],
  'web/src/client/client.ts': ['../../../src/schema/chat.ts'],
  'src/cli/main.ts': ['../server.ts', '../app.ts'],
  'src/cli/chat.ts': ['../gateway/chat/chat-event.ts', '../config/load.ts'],
  'src/server.ts': ['./cli/main.ts', './gateway/gateway.ts'],
  'src/app.ts': ['./cli/main.ts', './server.ts'],
  'src/transport/http.ts': ['../cli/api.ts', '../server.ts', '../app.ts', '../providers/http/json.ts'],
  'src/schema/chat.ts': ['../transport/refusal.ts', '../config/limits.ts', '../app.ts', '../providers/websim.ts'],
  'src/gateway/registry.ts': [
    '../cli/api.ts',
    '../app.ts',
    '../schema/chat.ts',
    '../config/limits.ts',
    '../telemetry/tracing.ts',
  ],
  'src/gateway/failure.ts': ['../transport/refusal.ts', '../providers/index.ts', '../providers/options.ts'],
  'src/gateway/chat/run-chat.ts': [
    '../../server.ts',
    '../../transport/refusal.ts',
    '../../schema/chat.ts',
    '../../providers/websim.ts',
    '../../providers/chat-completions/reader.ts',
    '../../providers/openai-compatible/models.ts',
  ],
  'src/telemetry/metrics.ts': ['../transport/http.ts', '../config/telemetry.ts', '../app.ts', '../providers/websim.ts'],
  'src/telemetry/tracing.ts': [
    '../app.ts',
    '../transport/refusal.ts',
    '../config/limits.ts',
    '../schema/chat.ts',
    '../providers/index.ts',
    '../providers/http/client.ts',
  ],
  'src/config/schema.ts': ['../gateway/gateway.ts', '../transport/keys.ts', '../app.ts', '../providers/websim.ts'],
  'src/providers/index.ts': ['../config/limits.ts', '../gateway/failure.ts'],
  'src/providers/provider.ts': ['./kit/parts.ts', './websim.ts', '../gateway/failure.ts'],
  'src/providers/options.ts': ['./http/client.ts', './index.ts', '../config/limits.ts'],
  'src/providers/websim.ts': ['./aichats.ts', './index.ts', './local/local.ts', '../gateway/failure.ts'],
  'src/providers/parrot.ts': ['./websim.ts', './openai-compatible/models.ts', '../cli/api.ts'],
  'src/providers/local/local.ts': ['../openai-compatible/models.ts', '../websim.ts', '../../config/limits.ts'],
  'src/providers/openai-compatible/images.ts': ['../local/local.ts', '../index.ts', '../../gateway/failure.ts'],
  'src/providers/anthropic/reader.ts': [
    '../chat-completions/usage.ts',
    '../openai-compatible/presets.ts',
    '../index.ts',
  ],
  'src/providers/google/reader.ts': ['../chat-completions/usage.ts', '../anthropic/usage.ts', '../index.ts'],
  'src/providers/bedrock/reader.ts': ['../anthropic/reader.ts', '../chat-completions/usage.ts', '../index.ts'],
  'src/providers/chat-completions/reader.ts': ['../openai-compatible/presets.ts', '../chatgptfree.ts', '../../app.ts'],
  'src/providers/responses/reader.ts': [
    '../openai-compatible/presets.ts',
    '../chat-completions/reader.ts',
    '../../app.ts',
  ],
  'src/providers/kit/parts.ts': [
    '../responses/usage.ts',
    '../chat-completions/usage.ts',
    '../local/pattern.ts',
    '../../schema/chat.ts',
  ],
  'src/providers/http/json.ts': ['../provider.ts', '../options.ts', '../kit/parts.ts', '../../transport/refusal.ts'],
};

/** Where the project's rule refuses something in these sources. */
function lint(rule: string, sources: Readonly<Record<string, string>>): readonly string[] {
  const root = mkdtempSync(join(folder, 'sources-'));
  for (const file of ['biome.json', 'biome.imports.json']) cpSync(file, join(root, file));
  for (const [path, source] of Object.entries(sources)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), source);
  }
  const biome = resolve('node_modules/.bin/biome');
  const args = ['lint', '--vcs-enabled=false', '--reporter=json', '--max-diagnostics=none', '.'];
  const { stdout } = spawnSync(biome, args, { cwd: root, encoding: 'utf8' });
  const { diagnostics } = JSON.parse(stdout) as {
    diagnostics: readonly { category: string; location: { path: string; start: { line: number } } }[];
  };
  return diagnostics
    .filter(({ category }) => category === `lint/${rule}`)
    .map(({ location: { path, start } }) => `${path}:${start.line}`)
    .toSorted();
}

const everyLine = (path: string, lines: readonly string[]) => lines.map((_line, index) => `${path}:${index + 1}`);

const RESTRICTED = 'style/noRestrictedImports';

test('no import leads over a wall', () => {
  const files = Object.entries(OVER_A_WALL);
  const sources = files.map(
    ([path, imports]) => [path, imports.map((file) => `import '${file}';\n`).join('')] as const,
  );
  const expected = files.flatMap(([path, imports]) => everyLine(path, imports));
  expect(lint(RESTRICTED, Object.fromEntries(sources))).toEqual(expected.toSorted());
});

test('a wall stops types, late imports and re-exports too', () => {
  const path = 'src/providers/http/json.ts';
  const lines = [
    "import type { ChatPart } from '../provider.ts';",
    "export type { Provider } from '../provider.ts';",
    "export * from '../provider.ts';",
    "export const later = () => import('../provider.ts');",
  ];
  expect(lint(RESTRICTED, { [path]: lines.join('\n') })).toEqual(everyLine(path, lines));
});

test('no files import each other, not even their types', () => {
  const refused = lint('suspicious/noImportCycles', {
    'src/gateway/chat/two.ts': "import type { One } from '../one.ts';",
    'src/gateway/one.ts': "import type { Two } from './chat/two.ts';",
  });
  expect(refused).toEqual(['src/gateway/chat/two.ts:1', 'src/gateway/one.ts:1']);
});

test('no file has more than 250 lines', () => {
  const ofLength = (lines: number) => 'export {};\n'.repeat(lines);
  const sources = { 'src/schema/long.ts': ofLength(250), 'src/schema/too-long.ts': ofLength(251) };
  expect(lint('style/noExcessiveLinesPerFile', sources)).toEqual(['src/schema/too-long.ts:1']);
});

test('the sources keep to these rules', () => {
  const { status, stderr } = spawnSync('node_modules/.bin/biome', ['lint', 'src', 'web/src'], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
});
