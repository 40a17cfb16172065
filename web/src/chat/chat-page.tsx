import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { isRunning, wantsResults } from '../conversations/answer.ts';
import { ask, current, isLoaded, stopAll } from '../conversations/store.ts';
import { partsShown } from '../shell/lazily.tsx';
import './chat.css';
import { Composer } from './composer.tsx';
import { TurnView } from './turn-view.tsx';

/** One conversation. */
export function ChatPage() {
  const { id, title, turns } = current.value;
  const { scroller, isAtEnd, toEnd } = useStayAtEnd(id);

  useEffect(() => {
    const onEscape = ({ key, defaultPrevented, isComposing, target }: KeyboardEvent) => {
      const isMeantForOthers = defaultPrevented || isComposing || target instanceof HTMLInputElement;
      if (key === 'Escape' && !isMeantForOthers && !document.querySelector('dialog[open]')) stopAll();
    };
    document.addEventListener('keydown', onEscape);
    return () => document.removeEventListener('keydown', onEscape);
  }, []);

  return (
    <main class="chat">
      <h1 class="unseen">{title || 'A new chat'}</h1>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keys. */}
      <section class="scroller" ref={scroller} tabIndex={0} aria-label="Conversation">
        <div class="column">
          {turns.length === 0
            ? isLoaded.value && <Welcome />
            : turns.map((turn) => <TurnView key={turn.id} turn={turn} />)}
        </div>
      </section>
      {!isAtEnd && (
        <div class="to-end">
          <button type="button" class="button" onClick={toEnd}>
            ↓ Latest
          </button>
        </div>
      )}
      <Composer />
      <Announcer />
    </main>
  );
}

const IDEAS = ['I am tired of request and response.', 'My computer never listens to me.', 'I need a holiday.'];

function Welcome() {
  return (
    <div class="welcome">
      <h2>What is on your mind?</h2>
      <p class="soft">
        Every model that this server knows answers here, one or several side by side. Conversations are kept in this
        browser, and nowhere on the server.
      </p>
      <div class="row">
        {IDEAS.map((idea) => (
          <button type="button" class="button" key={idea} onClick={() => ask({ question: idea, attachments: [] })}>
            {idea}
          </button>
        ))}
      </div>
    </div>
  );
}

/** Tells screen readers that an answer is there, once and whole, not word by word. */
function Announcer() {
  const answers = current.value.turns.at(-1)?.answers ?? [];
  const running = answers.filter(isRunning).length;
  const ending = answers.some(wantsResults) ? 'Tools are called: their results are wanted' : 'The answer has ended';
  const words = answers.length === 0 ? '' : running > 0 ? 'Answering' : ending;
  return (
    <p class="unseen" role="status">
      {words}
    </p>
  );
}

/** Follows what is written, unless somebody has scrolled up to read. */
function useStayAtEnd(id: string) {
  const scroller = useRef<HTMLDivElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);

  function toEnd() {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
  }

  useEffect(() => {
    const element = scroller.current;
    const onScroll = () => element && setAtEnd(element.scrollHeight - element.scrollTop - element.clientHeight < 60);
    element?.addEventListener('scroll', onScroll, { passive: true });
    return () => element?.removeEventListener('scroll', onScroll);
  }, []);

  useLayoutEffect(toEnd, [id, current.value.turns.length]);

  useLayoutEffect(() => {
    if (isAtEnd) toEnd();
  }, [current.value, partsShown.value]);

  return { scroller, isAtEnd, toEnd };
}
