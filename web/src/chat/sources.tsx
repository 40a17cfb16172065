import type { Answer } from '../conversations/answer.ts';

/** What an answer cites. */
export function Sources({ sources }: Pick<Answer, 'sources'>) {
  return (
    <section class="sources" aria-label="Sources">
      <strong>Sources</strong>
      <ol>
        {sources.map(({ url, title }, at) => (
          <li key={at}>
            <Source url={url} title={title} />
          </li>
        ))}
      </ol>
    </section>
  );
}

/** A link where it leads to the web; a model may cite anything. */
function Source({ url, title }: Answer['sources'][number]) {
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (!parsed || !/^https?:$/.test(parsed.protocol)) return <>{title ? `${title} (${url})` : url}</>;
  return (
    <>
      <a href={url} target="_blank" rel="noopener noreferrer">
        {title || url}
      </a>{' '}
      {title && <span class="soft">{parsed.host}</span>}
    </>
  );
}
