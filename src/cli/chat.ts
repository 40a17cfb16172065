import { text } from 'node:stream/consumers';
import type { Answer } from './answer.ts';
import { type Api, createApi } from './api.ts';
import { type AskFlags, createAsk } from './ask.ts';
import { tellFailure } from './ending.ts';
import { Failed } from './failed.ts';
import type { ChatMessageInput } from './generated/graphql.ts';
import { GenerateImage } from './operations.ts';
import { note, say } from './output.ts';
import { savePicture } from './picture.ts';
import { openServer, type ServerFlags } from './server.ts';
import { runSession } from './session.ts';

export interface ChatFlags extends ServerFlags, AskFlags {
  readonly system?: string;
  readonly image?: true;
  readonly output?: string;
}

const EXIT_CODES = { answered: 0, failed: 1, interrupted: 130 } satisfies Record<Answer['outcome'], number>;

/** @returns the exit code. @throws Failed */
export async function chat(
  words: readonly string[],
  flags: ChatFlags,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const isSession = words.length === 0 && process.stdin.isTTY && !flags.image;
  const question = isSession ? '' : await readQuestion(words);
  if (!isSession && question === '') {
    note('modelql: no question was asked (--help tells how)');
    return 2;
  }
  await using server = await openServer(flags, environment);
  await using api = createApi(server);
  if (flags.image) return await draw(api, question, flags);
  const ask = await createAsk(server, api, flags);
  if (isSession) return await runSession(toMessages(flags), ask);
  const interrupt = new AbortController();
  process.once('SIGINT', () => interrupt.abort()); // A second one ends the process, as it does by itself.
  return EXIT_CODES[(await ask(toMessages(flags, question), interrupt.signal)).outcome];
}

/** The words of the command line; standard input where they say `-` or nothing. */
async function readQuestion(words: readonly string[]): Promise<string> {
  if (words.length > 0 && !words.includes('-')) return words.join(' ').trim();
  const input = (await text(process.stdin)).trim();
  return words.length === 0
    ? input
    : words
        .map((word) => (word === '-' ? `\n\n${input}` : word))
        .join(' ')
        .trim();
}

function toMessages({ system }: ChatFlags, question?: string): ChatMessageInput[] {
  return [
    ...(system === undefined ? [] : [{ role: 'SYSTEM' as const, content: system }]),
    ...(question === undefined ? [] : [{ role: 'USER' as const, content: question }]),
  ];
}

async function draw(api: Api, prompt: string, { model, output, json }: ChatFlags): Promise<number> {
  for await (const { generateImage: result } of api.results(GenerateImage, { input: { prompt, model } })) {
    if (json) say(`${JSON.stringify(result)}\n`);
    if (result.__typename === 'ImageFailed') {
      if (!json) tellFailure(result);
      return 1;
    }
    for (const [at, image] of result.images.entries()) {
      const file = await savePicture(image, at === 0 ? output : undefined);
      if (!json) say(`${file}\n`);
    }
    return 0;
  }
  throw new Failed('the server sent no result');
}
