import { createInterface } from 'node:readline';
import type { Ask } from './ask.ts';
import { Failed, fail } from './failed.ts';
import type { ChatMessageInput } from './generated/graphql.ts';
import { remark } from './output.ts';

/** Signals this close together are one: a terminal's Ctrl-C reaches us twice, from the terminal and from npm. */
const ONE_CTRL_C_MS = 500;

/**
 * Question after question, with all that was said before. Ctrl-C stops an answer; at the prompt it leaves, as Ctrl-D does.
 * @returns the exit code
 */
export async function runSession(said: readonly ChatMessageInput[], ask: Ask): Promise<number> {
  const interrupts = watchInterrupts();
  remark('(Ctrl-C stops an answer; Ctrl-C or Ctrl-D here leaves)\n');
  let messages = [...said];
  const history: string[] = [];
  for (;;) {
    const question = await readQuestion(history, interrupts.next());
    if (question === null) break;
    if (question.trim() === '') continue;
    const asked = [...messages, { role: 'USER' as const, content: question }];
    try {
      const { text, continuation } = await ask(asked, interrupts.next());
      if (text !== '') messages = [...asked, { role: 'ASSISTANT', content: text, continuation }];
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      fail(error);
    }
  }
  interrupts.close();
  return 0;
}

/** Aborts what goes on at each Ctrl-C. */
function watchInterrupts() {
  let current = new AbortController();
  let lastAt = Number.NEGATIVE_INFINITY;
  const onSignal = () => {
    const at = performance.now();
    if (at - lastAt > ONE_CTRL_C_MS) current.abort();
    lastAt = at;
  };
  process.on('SIGINT', onSignal);
  return {
    next() {
      current = new AbortController();
      return current.signal;
    },
    close: () => process.off('SIGINT', onSignal),
  };
}

/**
 * One question at the prompt; null when the person leaves. Lines that are pasted together are one question.
 * Between questions the terminal is as it always is, so that Ctrl-C is a signal there.
 */
function readQuestion(history: string[], signal: AbortSignal): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const prompt = createInterface({ input: process.stdin, output: process.stderr, prompt: '> ', history: [...history] });
  const lines: string[] = [];
  const leave = () => {
    process.stderr.write('\n');
    resolve(null);
  };
  prompt.on('history', (newest) => history.splice(0, history.length, ...newest));
  prompt.once('close', leave);
  prompt.on('SIGINT', () => prompt.close());
  signal.addEventListener('abort', () => prompt.close());
  prompt.on('line', (line) => {
    if (lines.push(line) > 1) return;
    setImmediate(() => {
      if (prompt.line !== '') lines.push(prompt.line);
      prompt.off('close', leave).close();
      resolve(lines.join('\n'));
    });
  });
  prompt.prompt();
  return promise;
}
