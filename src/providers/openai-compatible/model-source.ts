import type { HttpClient } from '../http/client.ts';
import { isErrorBody } from '../http/error-body.ts';
import { parseJson } from '../http/json.ts';
import type { UpstreamSettings } from '../http/settings.ts';
import { discoverModels, LIST_TIMEOUT_MS, type ModelSource } from '../kit/discover-models.ts';
import { type Catalogue, loadCatalogue, NO_CATALOGUE } from './catalogue.ts';
import { createModelDetails } from './model-details.ts';
import { type ConfiguredModel, fromConfiguredModel, fromListedModels, readModelList } from './model-list.ts';
import type { OpenAiOptions } from './options.ts';

/** The models that are configured, or those that the server lists. */
export function createModelSource(
  options: OpenAiOptions,
  http: HttpClient,
  { name, warn }: { readonly name: string; readonly warn: UpstreamSettings['warn'] },
): ModelSource {
  const { models, modelsPath, discoverIntervalMs } = options;
  if (models !== 'discover') return ofConfiguration(models, options);
  const details = createModelDetails(options.details, http);
  let catalogue = NO_CATALOGUE;
  async function readCatalogue() {
    catalogue = await loadCatalogue(options);
  }
  return discoverModels(
    {
      async list(signal) {
        const headers = { accept: 'application/json', 'user-agent': 'modelql' };
        const answer = await http.send(
          { method: 'GET', path: modelsPath, headers, timeoutMs: LIST_TIMEOUT_MS },
          signal,
        );
        const said = parseJson(await answer.text());
        if (isErrorBody(said)) throw http.toError(said);
        return readModelList(said, name);
      },
      async learn(listed, signal) {
        await Promise.all([readCatalogue(), details.learn(listed, signal)]);
      },
      toModels: (listed) => fromListedModels(listed.map(details.add), options, catalogue),
    },
    { name, intervalMs: discoverIntervalMs, warn },
  );
}

/** The catalogue is read when the server has started: until then less is known. */
const READ_CATALOGUE_AFTER_MS = 200;

function ofConfiguration(models: readonly ConfiguredModel[], options: OpenAiOptions): ModelSource {
  const known = (catalogue: Catalogue) => models.map((model) => fromConfiguredModel(model, options, catalogue));
  let current = known(NO_CATALOGUE);
  async function readCatalogue() {
    current = known(await loadCatalogue(options));
  }
  const timer = options.catalogue === null ? undefined : setTimeout(readCatalogue, READ_CATALOGUE_AFTER_MS).unref();
  return {
    get current() {
      return current;
    },
    listed: Promise.resolve(),
    problem: null,
    failure: null,
    close: () => clearTimeout(timer),
  };
}
