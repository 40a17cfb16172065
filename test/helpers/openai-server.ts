import { readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import type { UpstreamSettings } from '../../src/providers/http/settings.ts';
import { createOpenAiCompatible } from '../../src/providers/openai-compatible/openai-compatible.ts';
import { OpenAiOptions } from '../../src/providers/openai-compatible/options.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { type Play, startFakeUpstream } from './fake-upstream.ts';
import { createSettings } from './provider-suite.ts';

/** Makes the provider `acme` from an entry of the configuration; closed when the test has finished. */
export function createAcme(entry: object, settings: UpstreamSettings = createSettings()): Provider {
  const options = OpenAiOptions.parse({ type: 'openai-compatible', models: ['acme-1'], ...entry });
  const provider = createOpenAiCompatible({ id: 'acme', ...options }, settings);
  onTestFinished(() => provider.close?.());
  return provider;
}

/** The same, with an upstream that answers as it is told. */
export async function startAcme(play: Parameters<typeof startFakeUpstream>[0], entry: object = {}) {
  const upstream = await startFakeUpstream(play);
  return { upstream, provider: createAcme({ baseUrl: upstream.url, ...entry }) };
}

/** The text of `test/fixtures/openai-compatible/<name>`. */
export function readFixture(name: string): string {
  return readFileSync(new URL(`../fixtures/openai-compatible/${name}`, import.meta.url), 'utf8');
}

/** One event: a choice with this delta. */
export function event(delta: object | null | undefined, finishReason?: string | null, more: object = {}): string {
  return data({ choices: [{ index: 0, delta, finish_reason: finishReason }], ...more });
}

export function data(content: unknown): string {
  return `data: ${JSON.stringify(content)}\n\n`;
}

export const DONE = 'data: [DONE]\n\n';

/** Answers with these events, whole. */
export function answerWith(...events: readonly string[]): Play {
  return ({ reply }) => reply({ headers: { 'content-type': 'text/event-stream' }, body: events.join('') });
}
