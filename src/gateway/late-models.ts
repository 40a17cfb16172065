import type { Provider } from '../providers/provider.ts';
import { toMistake } from './failure.ts';

/**
 * Waits until a model that was not found is there, or until all who may have it have been asked for their models once more.
 * @param unheard those who are left to ask; none once it is there
 * @throws the signal's reason at once when that aborts, a stop of the server as a GraphQLError: nothing has begun
 */
export async function waitForModel(unheard: () => readonly Provider[], signal: AbortSignal): Promise<void> {
  const answers = unheard().map(async ({ refreshModels }) => {
    await refreshModels?.();
    if (unheard().length > 0) throw new Error('It is not there either');
  });
  if (answers.length === 0) return;
  const left = Promise.withResolvers<never>();
  const onAbort = () => left.reject(toMistake(signal.reason));
  signal.addEventListener('abort', onAbort, { once: true });
  if (signal.aborted) onAbort();
  try {
    await Promise.race([left.promise, Promise.any(answers).catch(() => {})]); // Who chooses tells that it is not there.
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
