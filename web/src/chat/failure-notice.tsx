import type { Answer, Failure } from '../conversations/answer.ts';
import { Attempts } from './answer-facts.tsx';
import { AskedWait } from './wait.tsx';

/** What each failure means for whoever asked. */
export const FAILURES: Readonly<
  Record<NonNullable<Failure['code']>, { readonly title: string; readonly advice: string }>
> = {
  RATE_LIMITED: { title: 'Asked too often', advice: 'Wait a little and retry, or ask another model.' },
  UNAUTHORIZED: {
    title: 'The provider does not accept our key',
    advice: 'Whoever runs this server can mend that. Ask another model.',
  },
  BLOCKED: { title: 'A bot check stands in the way', advice: 'Ask another model.' },
  TIMEOUT: { title: 'It took too long', advice: 'Retry, or ask another model.' },
  UNREACHABLE: { title: 'No connection to the provider', advice: 'Retry, or ask another model.' },
  UNAVAILABLE: { title: 'The provider has trouble of its own', advice: 'Retry in a while, or ask another model.' },
  REJECTED: {
    title: 'The provider refuses this request',
    advice: 'Change the question or the settings, or ask another model.',
  },
  MODEL_GONE: { title: 'The provider does not have this model', advice: 'Choose another model.' },
  BAD_RESPONSE: { title: 'The answer broke off, or was none', advice: 'Retry, or ask another model.' },
  TOO_LARGE: { title: 'The answer was too large', advice: 'Ask for less.' },
  SHUTTING_DOWN: { title: 'The server is stopping', advice: 'Retry when it is back.' },
  LOST: { title: 'The rest of the answer is lost', advice: 'What has come stays here. Retry asks anew.' },
};

const MISTAKE = { title: 'The server did not take this', advice: 'Change the question, the settings or the model.' };

/** A failure as what it is, and the way on. */
export function FailureNotice({ answer: { failure, attempts, state } }: { readonly answer: Answer }) {
  if (state !== 'failed' || !failure) return null;
  const { title, advice } = (failure.code && FAILURES[failure.code]) ?? MISTAKE;
  return (
    <div class="failure" role="alert">
      <strong>{title}</strong>
      <p>{failure.message}</p>
      <p class="soft">
        {advice} <AskedWait until={failure.retryAt} />
      </p>
      {attempts.length > 0 && <Attempts attempts={attempts} />}
    </div>
  );
}
