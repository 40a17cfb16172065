import { setTimeout as sleep } from 'node:timers/promises';
import type { ChatMessage, ChatPart, Continuation, FinishReason, Usage } from '../chat.ts';
import { ProviderError } from '../errors.ts';
import { imagePrompt } from '../kit/prompt.ts';
import { drawPattern } from './pattern.ts';
import type { Step } from './script.ts';

/** Plays the steps; where none is an end, there is one that fits them. Nothing behind an end is played. */
export async function* playScript(
  steps: readonly Step[],
  messages: readonly ChatMessage[],
  signal: AbortSignal,
): AsyncGenerator<ChatPart, void, void> {
  const earlierCalls = messages.flatMap((message) => (message.role === 'ASSISTANT' ? message.toolCalls : [])).length;
  let usage: Usage | null = null;
  let continuation: Continuation | null = null;
  let calls = 0;
  let images = 0;

  const finish = (reason: FinishReason = 'STOP', rawReason: string | null = null): ChatPart => {
    const fitting = reason === 'STOP' && calls > 0 ? 'TOOL_CALLS' : reason;
    return { type: 'finish', reason: fitting, rawReason, usage, continuation };
  };

  signal.throwIfAborted();
  for (const step of steps) {
    if ('text' in step) {
      for await (const text of inPieces(step.text, step, signal)) yield { type: 'text-delta', text };
    } else if ('reasoning' in step) {
      for await (const text of inPieces(step.reasoning, step, signal)) yield { type: 'reasoning-delta', text };
    } else if ('toolCall' in step) {
      const { id, name, arguments: values = {}, argumentsText = JSON.stringify(values) } = step.toolCall;
      const index = calls++;
      const call = { index, callId: id ?? `call-${earlierCalls + calls}`, name };
      for await (const text of inPieces(argumentsText, step, signal)) yield { type: 'tool-call-delta', ...call, text };
      yield { type: 'tool-call', ...call, argumentsText };
    } else if ('usage' in step) usage = step.usage;
    else if ('continuation' in step) continuation = { dialect: 'local', data: step.continuation };
    else if ('hang' in step) await untilAborted(signal);
    else {
      await pause(step.delayMs, signal);
      if ('image' in step) {
        const alt = step.image === true ? imagePrompt(messages) : step.image;
        const url = drawPattern({ prompt: alt, aspectRatio: { width: 1, height: 1 }, index: images++ });
        yield { type: 'image', image: { url, alt } };
      } else if ('source' in step) yield { type: 'source', ...step.source };
      else if ('fail' in step) {
        throw new ProviderError(step.fail, step.message ?? 'The script has it fail', {
          retryAfterMs: step.retryAfterMs,
        });
      } else return yield finish(step.finish, step.rawReason);
    }
  }
  yield finish();
}

async function* inPieces(
  text: string,
  { chunk, delayMs }: { readonly chunk?: number | undefined; readonly delayMs: number },
  signal: AbortSignal,
): AsyncGenerator<string, void, void> {
  const characters = [...text];
  const size = chunk ?? characters.length;
  for (let at = 0; at < characters.length; at += size) {
    await pause(delayMs, signal);
    yield characters.slice(at, at + size).join('');
  }
}

/** @throws the signal's reason */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms > 0) await sleep(ms, undefined, { signal }).catch(() => signal.throwIfAborted());
}

/** @throws the signal's reason */
async function untilAborted(signal: AbortSignal): Promise<never> {
  signal.throwIfAborted();
  await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  throw signal.reason;
}
