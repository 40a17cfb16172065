import { connection } from '../client/socket.ts';
import { type Answer, isRunning } from '../conversations/answer.ts';
import { nameOf } from '../models/models.ts';
import { AnswerActions } from './answer-actions.tsx';
import { AnswerContent } from './answer-content.tsx';
import { AnswerFacts } from './answer-facts.tsx';
import { FailureNotice } from './failure-notice.tsx';

/** One model's answer, as far as it has come, with those before it from which it goes on. */
export function AnswerView({ answer }: { readonly answer: Answer }) {
  const { model, asked, state, earlier } = answer;
  const name = model?.id ?? nameOf(asked);
  const isOn = isRunning(answer);
  return (
    <article class={`answer ${state}`} aria-label={`Answer of ${name}`} aria-busy={isOn}>
      <header>
        <strong>{name}</strong>
        {state === 'waiting' && <span class="soft waiting">is thinking</span>}
        {isOn && connection.value === 'lost' && <span class="soft">The connection is lost. Coming back …</span>}
      </header>
      {earlier.map((step) => (
        <AnswerContent key={step.id} answer={step} isOver />
      ))}
      <AnswerContent answer={answer} isOver={false} />
      <FailureNotice answer={answer} />
      {!isOn && <AnswerFacts answer={answer} />}
      <AnswerActions answer={answer} />
    </article>
  );
}
