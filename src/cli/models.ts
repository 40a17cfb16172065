import { createApi } from './api.ts';
import type { ModelsQuery } from './generated/graphql.ts';
import { Models } from './operations.ts';
import { say } from './output.ts';
import { openServer, type ServerFlags } from './server.ts';
import { toTable } from './table.ts';

type Model = ModelsQuery['models'][number];

/** @throws Failed */
export async function listModels(
  { json, ...flags }: ServerFlags & { readonly json?: true },
  environment: NodeJS.ProcessEnv,
): Promise<void> {
  await using server = await openServer(flags, environment);
  await using api = createApi(server);
  for await (const { models } of api.results(Models, {})) {
    const lines = json ? models.map((model) => JSON.stringify(model)) : toTable(models.map(toRow));
    say(lines.map((line) => `${line}\n`).join(''));
  }
}

function toRow({ id, kind, aliases, isDefault, provider }: Model): string[] {
  const remarks = [
    ...(isDefault ? ['default'] : []),
    ...aliases.map((alias) => `also ${alias}`),
    ...(provider.working ? [] : ['said not to work']),
    ...(provider.health.status === 'DOWN' ? ['down'] : []),
  ];
  return [id, kind === 'CHAT' ? 'chat' : 'image', remarks.join(', ')];
}
