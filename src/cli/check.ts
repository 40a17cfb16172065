import { adviceFor } from './advice.ts';
import { type Api, createApi } from './api.ts';
import { Failed } from './failed.ts';
import type { ChatModelFragment } from './generated/graphql.ts';
import { CompleteChat, Providers } from './operations.ts';
import { say } from './output.ts';
import { type CheckedProvider, type OwnServerFlags, openCheckedServer, type Problem } from './server.ts';
import { toTable } from './table.ts';

export interface CheckFlags extends OwnServerFlags {
  readonly chat?: true;
  /** In seconds. */
  readonly timeout: number;
  readonly json?: true;
}

/** Asks every provider of a configuration. @returns the exit code. @throws Failed for a configuration that is wrong */
export async function check(
  { chat, timeout, json, ...flags }: CheckFlags,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const timeoutMs = timeout * 1000;
  await using server = await openCheckedServer(flags, timeoutMs, environment);
  await using api = createApi(server);
  const checked = chat ? await chatWithAll(api, server.providers, timeoutMs) : server.providers;
  const lines = json ? checked.map((provider) => JSON.stringify(toJson(provider))) : toText(checked);
  say(lines.map((line) => `${line}\n`).join(''));
  return checked.some(({ problem }) => problem) ? 1 : 0;
}

/** All at once. Those that have failed already, have no chat, or are said not to work are left as they are. */
async function chatWithAll(
  api: Api,
  providers: readonly CheckedProvider[],
  timeoutMs: number,
): Promise<readonly CheckedProvider[]> {
  const models = new Map<string, ChatModelFragment>();
  for await (const data of api.results(Providers, {})) {
    for (const { id, defaultModel, models: all } of data.providers) {
      const model = defaultModel ?? all[0];
      if (model) models.set(id, model);
    }
  }
  return Promise.all(
    providers.map(async (provider) => {
      const model = models.get(provider.id);
      if (provider.problem || !provider.working || !model) return provider;
      const begin = performance.now();
      const problem = await chatWith(api, model, timeoutMs);
      return { ...provider, chatModel: model.id, ms: Math.round(performance.now() - begin), problem };
    }),
  );
}

/** The shortest answer that all take: OpenAI's Responses API refuses to be asked for less. */
const FEWEST_TOKENS = 16;

async function chatWith(
  api: Api,
  { id, capabilities: { options } }: ChatModelFragment,
  timeoutMs: number,
): Promise<Problem | null> {
  const mayBound = options === null || options.includes('MAX_TOKENS');
  const messages = [{ role: 'USER' as const, content: 'Say yes.' }];
  const input = { model: id, messages, ...(mayBound && { maxTokens: FEWEST_TOKENS }) };
  try {
    for await (const { completeChat: answer } of api.results(CompleteChat, { input }, AbortSignal.timeout(timeoutMs))) {
      return answer.__typename === 'ChatFailed' ? { code: answer.code, message: answer.message } : null;
    }
    return { code: 'TIMEOUT', message: `${id} did not answer within ${timeoutMs / 1000} s` };
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    return { code: error.code ?? null, message: error.message };
  }
}

function toJson({ problem, ...provider }: CheckedProvider) {
  const advice = adviceFor(problem?.code ?? null) ?? null;
  return { ...provider, ok: problem === null, problem: problem && { ...problem, advice } };
}

/** A row each, with what is wrong and what to do below it. */
function toText(providers: readonly CheckedProvider[]): readonly string[] {
  const rows = toTable(providers.map(toRow));
  return rows.flatMap((row, at) => [row, ...toRemarks(providers[at]?.problem ?? null)]);
}

function toRow({ id, type, host, models, chatModel, working, ms, problem }: CheckedProvider): string[] {
  const counts = [
    ...(models.chat > 0 ? [`${models.chat} chat`] : []),
    ...(models.image > 0 ? [`${models.image} image`] : []),
  ];
  const remarks = [...(chatModel ? [`asked ${chatModel}`] : []), ...(working ? [] : ['said not to work'])];
  const state = ms === null ? 'not asked' : 'ok';
  return [
    problem ? 'FAILED' : state,
    id,
    type,
    host ?? '-',
    counts.join(', ') || 'no models',
    ms === null ? '-' : `${ms} ms`,
    remarks.join(', '),
  ];
}

function toRemarks(problem: Problem | null): readonly string[] {
  if (!problem) return [];
  const advice = adviceFor(problem.code);
  const message = problem.message.replaceAll(/\s*[\r\n]+\s*/g, ' '); // An upstream's words must not look like rows.
  const what = `        ${message}${problem.code === null ? '' : ` (${problem.code})`}`;
  return [what, ...(advice === undefined ? [] : [`        ${advice}`])];
}
