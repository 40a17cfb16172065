import { ConfigError } from '../config/load.ts';
import { Config } from '../config/schema.ts';
import type { Registry } from '../gateway/registry.ts';

/**
 * The defaults and aliases have to name models, as far as these are fixed: what an upstream lists may come and go.
 * @throws ConfigError
 */
export function checkNames({ defaults, aliases }: Config, registry: Registry): void {
  const isFoundOutLater = (name: string) =>
    registry.providers.some(
      ({ id, models, refreshModels }) =>
        (models.length === 0 || refreshModels) && (name.startsWith(`${id}/`) || !name.includes('/')),
    );
  const standard = Config.parse({}).defaults;
  const problems = (['chat', 'image'] as const).flatMap((kind) => {
    const name = defaults[kind];
    if (name === standard[kind] || isFoundOutLater(name)) return []; // The standard one may have been switched off.
    try {
      const isProvider = registry.providers.some(({ id }) => id === name);
      registry.choose(isProvider ? { provider: name } : { model: name }, kind === 'chat' ? 'CHAT' : 'IMAGE');
      return [];
    } catch (error) {
      return [`defaults.${kind}: ${error instanceof Error ? error.message : error}`];
    }
  });
  for (const [alias, ids] of Object.entries(aliases)) {
    for (const [at, id] of ids.entries()) {
      if (!registry.model(id) && !isFoundOutLater(id))
        problems.push(`aliases.${alias}.${at}: there is no model '${id}'`);
    }
  }
  if (problems.length > 0) throw new ConfigError(problems);
}
