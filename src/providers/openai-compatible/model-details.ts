import type { HttpClient } from '../http/client.ts';
import { isObject, type Json, parseJson, parseObject } from '../http/json.ts';
import { type ModelEntry, readModelList } from './model-list.ts';
import type { DetailsSource } from './presets.ts';

export interface ModelDetails {
  /** Asks for what is not known yet of these. Settles when it is done with that, and never throws: what is not told is not known. */
  learn(listed: readonly ModelEntry[], signal: AbortSignal): Promise<void>;
  /** A model as it is listed, with what is known beside that. */
  add(model: ModelEntry): ModelEntry;
}

/** For all that is asked after one list. */
const DETAILS_TIMEOUT_MS = 10_000;

/** Questions at once. */
const MAX_QUESTIONS = 4;

const HEADERS = { accept: 'application/json', 'content-type': 'application/json', 'user-agent': 'modelql' };

export function createModelDetails(source: DetailsSource | null, http: HttpClient): ModelDetails {
  let known: ReadonlyMap<string, Json> = new Map();

  async function learnList(path: string, signal: AbortSignal): Promise<void> {
    const answer = await http.send({ method: 'GET', path, headers: HEADERS }, signal);
    const list = readModelList(parseJson(await answer.text()), 'the server');
    known = new Map(list.map(({ name, told }) => [name, told]));
  }

  /** Whoever of those who ask gets no answer asks no more: where nobody does, the server has no such answers. */
  async function learnEach(path: string, listed: readonly ModelEntry[], signal: AbortSignal): Promise<void> {
    const keys = new Set(listed.map(toKey));
    const learned = new Map([...known].filter(([key]) => keys.has(key)));
    known = learned;
    const left = listed.filter((model) => !learned.has(toKey(model)));
    async function ask() {
      for (let model = left.shift(); model; model = left.shift()) {
        const body = JSON.stringify({ model: model.name });
        const answer = await http.send({ method: 'POST', path, headers: HEADERS, body }, signal);
        learned.set(toKey(model), toDetails(parseObject(await answer.text())));
      }
    }
    await Promise.allSettled(Array.from({ length: MAX_QUESTIONS }, ask));
  }

  return {
    async learn(listed, closed) {
      if (source === null) return;
      const signal = AbortSignal.any([closed, AbortSignal.timeout(DETAILS_TIMEOUT_MS)]);
      const asked = source.each ? learnEach(source.path, listed, signal) : learnList(source.path, signal);
      await asked.catch(() => {}); // An older server has no such list.
    },
    add(model) {
      const more = known.get(source?.each ? toKey(model) : model.name);
      return more ? { ...model, told: { ...model.told, ...more } } : model;
    },
  };
}

/** Another one when the model has changed: a list tells when it was made. */
function toKey({ told }: ModelEntry): string {
  return JSON.stringify(told);
}

/** Without the model's licence and template, which are long. */
function toDetails(said: Json | null): Json {
  const { capabilities, model_info } = said ?? {};
  return { ...(Array.isArray(capabilities) && { capabilities }), ...(isObject(model_info) && { model_info }) };
}
