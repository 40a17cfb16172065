import { connection } from '../client/socket.ts';
import { type Answer, isRunning } from '../conversations/answer.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { nameOf } from '../models/models.ts';
import { PictureView } from '../pictures/picture-view.tsx';
import { AnswerActions } from './answer-actions.tsx';
import { AnswerFacts } from './answer-facts.tsx';
import { FailureNotice } from './failure-notice.tsx';

/** One model's answer, as far as it has come. */
export function AnswerView({ answer }: { readonly answer: Answer }) {
  const { model, asked, text, pictures, state } = answer;
  const name = model?.id ?? nameOf(asked);
  const isOn = isRunning(answer);
  return (
    <article class={`answer ${state}`} aria-label={`Answer of ${name}`} aria-busy={isOn}>
      <header>
        <strong>{name}</strong>
        {state === 'waiting' && <span class="soft waiting">is thinking</span>}
        {isOn && connection.value === 'lost' && <span class="soft">The connection is lost. Coming back …</span>}
      </header>
      <Reasoning answer={answer} />
      {text && <Markdown text={text} isOpen={isOn} />}
      {pictures.map((picture) => (
        <PictureView key={picture.url} picture={picture} />
      ))}
      <FailureNotice answer={answer} />
      {!isOn && <AnswerFacts answer={answer} />}
      <AnswerActions answer={answer} />
    </article>
  );
}

/** Open while there is nothing else to read, and folded away after that. */
function Reasoning({ answer: { reasoning, text } }: { readonly answer: Answer }) {
  if (!reasoning) return null;
  const isOpen = text === '';
  return (
    <details class="reasoning" open={isOpen}>
      <summary>
        {isOpen ? 'Reasoning' : 'Reasoned'} <span class="soft">{reasoning.length.toLocaleString('en')} characters</span>
      </summary>
      <Markdown text={reasoning} isOpen={isOpen} />
    </details>
  );
}
