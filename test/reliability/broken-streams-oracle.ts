import type { BrokenStream, Dialect } from './broken-streams.ts';

/**
 * What a broken stream still says, read in the simplest way: the answer's text, or null where a piece of it cannot be
 * read before its end. A name that is broken within JSON that is whole takes its text along: nobody can know of it.
 */
export function textSaid({ dialect, pieces }: Pick<BrokenStream, 'dialect' | 'pieces'>): string | null {
  return READERS[dialect](new TextDecoder().decode(Buffer.concat(pieces)));
}

/** What was to be said. */
export function textMeant({ dialect, good }: Pick<BrokenStream, 'dialect' | 'good'>): string | null {
  return READERS[dialect](good);
}

const READERS: Readonly<Record<Dialect, (body: string) => string | null>> = {
  'openai-compatible': (body) => readChunks(body),
  chatgptfree: (body) => readChunks(body),
  aichats: (body) =>
    body
      .split('\n')
      .map((line) => line.replace(/\r$/, ''))
      .filter((line) => line.startsWith('data: '))
      .map((line) => line.slice('data: '.length))
      .join('')
      .trim(),
  websim: (body) => {
    const json = parse(body) as { content?: unknown } | null | undefined;
    if (typeof json !== 'object' || json === null) return body;
    return typeof json.content === 'string' ? json.content.trim() : null;
  },
};

function readChunks(body: string): string | null {
  let text = '';
  let hasEnded = false;
  for (const line of body.replace(/^\uFEFF/, '').split(/\r\n|\n|\r/)) {
    if (!line.startsWith('data:')) {
      if (line.includes('"choices"') && !line.startsWith(':') && !hasEnded) return null;
      continue;
    }
    for (const data of piecesOf(line.slice('data:'.length))) {
      if (data.trim() === '') continue;
      if (data.trim() === '[DONE]') return text;
      const json = parse(data);
      if (json === undefined && !hasEnded) return null;
      const choice = choiceOf(json);
      text += contentOf(choice?.delta?.content) + contentOf(choice?.delta?.refusal);
      if (typeof choice?.finish_reason === 'string' && choice.finish_reason !== '') hasEnded = true;
    }
  }
  return text;
}

/** A line that is no JSON may be several texts. */
function piecesOf(data: string): string[] {
  if (parse(data) !== undefined) return [data];
  return data.split(/(?<=\})\s*(?:data:)?\s*(?=\{|\[DONE\])/);
}

interface Choice {
  readonly index?: number;
  readonly delta?: { readonly content?: unknown; readonly refusal?: unknown };
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
