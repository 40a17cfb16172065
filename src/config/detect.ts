/** What stands in place of a configuration file where there is none. */
export interface Detected {
  /** As a file would have it: keys stand in it as `${NAME}`. */
  readonly config: object;
  /** By which it was found: names of variables, and never their values. */
  readonly found: readonly string[];
}

/** The order in which they count: the first one that is found gives the default chat model. */
const KEYS: readonly (readonly [type: string, ...names: string[]])[] = [
  ['openai', 'OPENAI_API_KEY'],
  ['anthropic', 'ANTHROPIC_API_KEY'],
  ['google', 'GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  ['groq', 'GROQ_API_KEY'],
  ['mistral', 'MISTRAL_API_KEY'],
  ['deepseek', 'DEEPSEEK_API_KEY'],
  ['openrouter', 'OPENROUTER_API_KEY'],
  ['xai', 'XAI_API_KEY'],
  ['together', 'TOGETHER_API_KEY'],
];

/** Whoever runs on this machine answers sooner, and the start waits for it. */
const OLLAMA_MS = 300;
const OLLAMA_PORT = 11_434;

interface DetectOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** Asks an Ollama. */
  readonly fetch?: typeof fetch;
}

/** Looks for well-known keys, and for an Ollama that answers; at nothing else of the environment. */
export async function detect({ environment, fetch: ask = fetch }: DetectOptions): Promise<Detected> {
  const ollama = await findOllama(environment.OLLAMA_HOST, ask);
  const keys = KEYS.flatMap(([type, ...names]) => {
    const name = names.find((one) => environment[one]);
    return name === undefined ? [] : [{ id: type, entry: { type, apiKey: `\${${name}}` }, by: name }];
  });
  const all = [...keys, ...(ollama ? [ollama] : [])];
  const [first] = all;
  if (!first) return { config: {}, found: [] };
  return {
    config: {
      providers: Object.fromEntries(all.map(({ id, entry }) => [id, entry])),
      defaults: { chat: first.id },
    },
    found: all.map(({ by }) => by),
  };
}

async function findOllama(host: string | undefined, ask: typeof fetch) {
  const url = toUrl(host || '127.0.0.1');
  if (url === null) return undefined;
  try {
    const answer = await ask(`${url}/api/version`, { signal: AbortSignal.timeout(OLLAMA_MS), redirect: 'manual' });
    await answer.body?.cancel();
  } catch {
    return undefined; // Nobody answers, or not in time.
  }
  return { id: 'ollama', entry: { type: 'ollama', baseUrl: `${url}/v1` }, by: host ? 'OLLAMA_HOST' : 'Ollama' };
}

/**
 * What Ollama takes for its address: a name, a port, or both, with or without a scheme. Null for what is none.
 * @see https://github.com/ollama/ollama/blob/main/envconfig/config.go (read 2026-11-27)
 */
function toUrl(host: string): string | null {
  const text = host.trim();
  const hasScheme = /^https?:\/\//.test(text);
  const url = URL.parse(hasScheme ? text : `http://${text.replace(/^:/, '127.0.0.1:')}`);
  if (!url) return null;
  const name = /^(0\.0\.0\.0|\[::\])$/.test(url.hostname) ? '127.0.0.1' : url.hostname; // It listens there everywhere.
  const port = url.port || (hasScheme || /:80\b/.test(text) ? '' : String(OLLAMA_PORT));
  return `${url.protocol}//${name}${port && `:${port}`}${url.pathname.replace(/\/+$/, '')}`;
}
