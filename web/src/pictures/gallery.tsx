import { fileNameOf, PictureView } from './picture-view.tsx';
import { pictures, removePicture } from './store.ts';

/** Every picture that was made in this browser, the newest first. */
export function Gallery() {
  if (pictures.value.length === 0)
    return <p class="soft empty">Pictures that you make hang here. They stay in this browser.</p>;
  return (
    <ul class="gallery" aria-label="Gallery">
      {pictures.value.map((picture) => {
        const viewed = { ...picture, alt: picture.prompt };
        return (
          <li key={picture.id}>
            <figure>
              <PictureView picture={viewed} />
              <figcaption>
                <span>{picture.prompt}</span>
                <span class="soft">
                  {picture.model}, {picture.aspectRatio}
                </span>
                <div class="actions">
                  {picture.dataUri && (
                    <a class="quiet" href={picture.dataUri} download={fileNameOf(viewed)}>
                      Download
                    </a>
                  )}
                  <button
                    type="button"
                    class="quiet"
                    aria-label={`Delete the picture: ${picture.prompt}`}
                    onClick={() => removePicture(picture)}
                  >
                    Delete
                  </button>
                </div>
              </figcaption>
            </figure>
          </li>
        );
      })}
    </ul>
  );
}
