import { type Answer, isRunning } from '../conversations/answer.ts';
import { Markdown } from '../markdown/markdown.tsx';
import { PictureView } from '../pictures/picture-view.tsx';
import { lazily } from '../shell/lazily.tsx';
import { Sources } from './sources.tsx';

const Calls = lazily(async () => (await import('./calls.tsx')).Calls);
const ObjectAnswer = lazily(async () => (await import('./object-answer.tsx')).ObjectAnswer);

interface AnswerContentProps {
  readonly answer: Answer;
  /** Whether the model has gone on from here. */
  readonly isOver: boolean;
}

/** What a model has said, called and drawn. */
export function AnswerContent({ answer, isOver }: AnswerContentProps) {
  const { text, pictures, calls, sources, finished } = answer;
  const isObject = finished !== null && (finished.object != null || finished.objectProblems.length > 0);
  return (
    <>
      <Reasoning answer={answer} />
      {text && !isObject && <Words answer={answer} />}
      {isObject && <ObjectAnswer text={text} object={finished.object} problems={finished.objectProblems} />}
      {pictures.map((picture) => (
        <PictureView key={picture.url} picture={picture} />
      ))}
      {calls.length > 0 && <Calls answer={answer} isOver={isOver} />}
      {sources.length > 0 && <Sources sources={sources} />}
    </>
  );
}

/** JSON that is asked for is no Markdown, while it comes. */
function Words({ answer }: { readonly answer: Answer }) {
  const { text, input } = answer;
  const isJson = input?.responseFormat != null && input.responseFormat.type !== 'TEXT';
  if (isJson) return <pre class="plain">{text}</pre>;
  return <Markdown text={text} isOpen={isRunning(answer)} />;
}

/** Open while there is nothing else to read, and folded away after that. */
function Reasoning({ answer: { reasoning, text, calls } }: { readonly answer: Answer }) {
  if (!reasoning) return null;
  const isOpen = text === '' && calls.length === 0;
  return (
    <details class="reasoning" open={isOpen}>
      <summary>
        {isOpen ? 'Reasoning' : 'Reasoned'} <span class="soft">{reasoning.length.toLocaleString('en')} characters</span>
      </summary>
      <Markdown text={reasoning} isOpen={isOpen} />
    </details>
  );
}
