import type { BrokenStream, Dialect } from './broken-streams.ts';

/** An answer's text, and its calls in their order, each as its name and its arguments. */
export interface Said {
  readonly text: string;
  readonly calls: readonly (readonly [name: string, text: string])[];
}

/**
 * What a broken stream still says, read in the simplest way; null where a piece of it cannot be read before its end. A
 * name that is broken within JSON that is whole takes its text along: nobody can know of it.
 */
export function said({ dialect, pieces }: Pick<BrokenStream, 'dialect' | 'pieces'>): Said | null {
  return READERS[dialect](new TextDecoder().decode(Buffer.concat(pieces)));
}

/** What was to be said. */
export function meant({ dialect, good }: Pick<BrokenStream, 'dialect' | 'good'>): Said | null {
  return READERS[dialect](good);
}

const READERS: Readonly<Record<Dialect, (body: string) => Said | null>> = {
  'openai-compatible': (body) => readChunks(body),
  chatgptfree: (body) => readChunks(body),
  aichats: (body) =>
    onlyText(
      body
        .split('\n')
        .map((line) => line.replace(/\r$/, ''))
        .filter((line) => line.startsWith('data: '))
        .map((line) => line.slice('data: '.length))
        .join('')
        .trim(),
    ),
  websim: (body) => {
    const json = parse(body) as { content?: unknown } | null | undefined;
    if (typeof json !== 'object' || json === null) return onlyText(body);
    return typeof json.content === 'string' ? onlyText(json.content.trim()) : null;
  },
};

function onlyText(text: string): Said {
  return { text, calls: [] };
}

function readChunks(body: string): Said | null {
  let text = '';
  let hasEnded = false;
  const calls: Calls = { list: [], last: undefined };
  for (const line of body.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    if (!line.startsWith('data:')) {
      if (line.includes('"choices"') && !line.startsWith(':') && !hasEnded) return null;
      continue;
    }
    for (const data of piecesOf(line.slice('data:'.length))) {
      if (data.trim() === '') continue;
      if (data.trim() === '[DONE]') return { text, calls: calls.list.map(({ name, text: told }) => [name, told]) };
      const json = parse(data);
      if (json === undefined && !hasEnded) return null;
      const choice = choiceOf(json);
      text += contentOf(choice?.delta?.content) + contentOf(choice?.delta?.refusal);
      addCalls(calls, choice?.delta);
      if (typeof choice?.finish_reason === 'string' && choice.finish_reason !== '') hasEnded = true;
    }
  }
  return { text, calls: calls.list.map(({ name, text: told }) => [name, told]) };
}

interface Call {
  readonly key: unknown;
  readonly id: unknown;
  name: string;
  text: string;
}

interface Calls {
  readonly list: Call[];
  last: Call | undefined;
}

/** A name begins a call, unless it is that of one without a name, or with the same id; whatever else there is goes on with one. */
function addCalls(calls: Calls, delta: Delta | undefined): void {
  const { tool_calls, function_call } = Object(delta) as Delta;
  const list = Array.isArray(tool_calls) ? tool_calls : [];
  for (const one of list.length > 0 || !function_call ? list : [{ function: function_call }]) {
    const { index: key, id = '', function: told } = Object(one);
    const { name = '', arguments: piece } = Object(told);
    const text = typeof piece === 'object' && piece !== null ? JSON.stringify(piece) : `${piece ?? ''}`;
    const known = key === undefined ? calls.last : calls.list.findLast((call) => call.key === key);
    const goesOn = known && (!name || known.name === '' || (id !== '' && known.id === id));
    if (goesOn) {
      known.name ||= name ?? '';
      known.text += text;
    } else if (name || text || id) calls.list.push({ key, id, name: name ?? '', text });
    calls.last = goesOn ? known : calls.list.at(-1);
  }
}

/** A line that is no JSON may be several texts. */
function piecesOf(data: string): string[] {
  if (parse(data) !== undefined) return [data];
  return data.split(/(?<=\})\s*(?:data:)?\s*(?=\{|\[DONE\])/);
}

interface Delta {
  readonly content?: unknown;
  readonly refusal?: unknown;
  readonly tool_calls?: unknown;
  readonly function_call?: unknown;
}

interface Choice {
  readonly index?: number;
  readonly delta?: Delta;
  readonly finish_reason?: unknown;
}

function choiceOf(json: unknown): Choice | undefined {
  const { choices } = Object(json) as { choices?: unknown };
  return Array.isArray(choices) ? choices.find((choice) => (Object(choice).index ?? 0) === 0) : undefined;
}

function contentOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part) => (Object(part).type === 'text' && typeof part.text === 'string' ? part.text : ''))
    .join('');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined; // It is broken.
  }
}
