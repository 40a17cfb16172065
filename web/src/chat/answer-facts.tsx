import type { Answer } from '../conversations/answer.ts';
import type { TryPartsFragment } from '../gql/graphql.ts';
import { inSeconds, speedOf, usageOf } from './figures.ts';

const ENDINGS = {
  STOP: null,
  LENGTH: 'cut off at its longest',
  CONTENT_FILTER: 'ended by the filter',
  TOOL_CALLS: 'wants to call tools',
  CANCELLED: 'stopped',
  OTHER: 'ended',
} as const;

/** Under an answer: how long it took, how fast it came, what it used, and which tries came before it. */
export function AnswerFacts({ answer }: { readonly answer: Answer }) {
  const { finished, attempts, state } = answer;
  const facts = [
    state === 'stopped' && 'stopped',
    finished && finished.finishReason !== 'CANCELLED' && ENDINGS[finished.finishReason],
    finished?.finishReason === 'OTHER' && finished.rawFinishReason,
    finished?.firstTokenMs != null &&
      `first ${answer.text ? 'token' : 'part'} after ${inSeconds(finished.firstTokenMs)}`,
    finished && speedOf(finished),
    finished && usageOf(finished.usage),
    finished && `${inSeconds(finished.durationMs)} in all`,
  ].filter((fact) => typeof fact === 'string');
  return (
    <>
      {facts.length > 0 && <p class="facts">{facts.join(' · ')}</p>}
      {attempts.length > 0 && state !== 'failed' && <Attempts attempts={attempts} />}
    </>
  );
}

export function Attempts({ attempts }: { readonly attempts: readonly TryPartsFragment[] }) {
  const count = attempts.length === 1 ? 'one try' : `${attempts.length} tries`;
  return (
    <details class="attempts">
      <summary>After {count}</summary>
      <ol>
        {attempts.map(({ model, code, message, durationMs, retryAfterMs }, at) => (
          <li key={at}>
            <strong>{model.id}</strong> {code}: {message}{' '}
            <span class="soft">
              ({inSeconds(durationMs)}
              {retryAfterMs != null && `, asks to wait ${inSeconds(retryAfterMs)}`})
            </span>
          </li>
        ))}
      </ol>
    </details>
  );
}
