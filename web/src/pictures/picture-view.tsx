interface Viewed {
  readonly url: string;
  readonly alt: string;
  readonly dataUri: string | null;
}

/** A picture by its bytes. Where the server could not read them, where it is: this page asks nobody else. */
export function PictureView({ picture: { url, alt, dataUri } }: { readonly picture: Viewed }) {
  if (dataUri) return <img class="picture" src={dataUri} alt={alt} />;
  return (
    <p>
      The server could not read this picture.{' '}
      <a href={url} target="_blank" rel="noopener noreferrer">
        Open it where it is
      </a>
    </p>
  );
}

/** A name for its file. */
export function fileNameOf({ alt, dataUri }: Viewed): string {
  const subtype = /^data:image\/(\w+)/.exec(dataUri ?? '')?.[1] ?? 'png';
  const words = alt
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 40);
  return `${words || 'picture'}.${subtype === 'jpeg' ? 'jpg' : subtype}`;
}
