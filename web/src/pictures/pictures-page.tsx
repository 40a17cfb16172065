import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { FAILURES } from '../chat/failure-notice.tsx';
import { AskedWait, RetryLabel } from '../chat/wait.tsx';
import { PictureMutation } from '../client/operations.ts';
import type { GenerateImageInput } from '../gql/graphql.ts';
import { HealthDot } from '../models/health.tsx';
import { ModelPicker } from '../models/model-picker.tsx';
import { defaultModel, models, providerOf } from '../models/models.ts';
import { shownQuery } from '../query/query-drawer.tsx';
import { toShown } from '../query/shown.ts';
import { Gallery } from './gallery.tsx';
import './pictures.css';
import { makePictures, pictureFailure, underWay } from './store.ts';

const RATIOS = ['1:1', '4:3', '3:4', '16:9', '9:16'];

interface Order {
  readonly prompt: string;
  /** Null: the server's default. */
  readonly model: string | null;
  readonly aspectRatio: string;
  readonly count: number;
}

/** What the next picture is to be. It stays when the page is left for a chat. */
const order = signal<Order>({ prompt: '', model: null, aspectRatio: '1:1', count: 1 });

function set(change: Partial<Order>): void {
  order.value = { ...order.value, ...change };
}

/** Where pictures are ordered, and hang. */
export function PicturesPage() {
  const { prompt, model, aspectRatio, count } = order.value;
  const input: GenerateImageInput = { prompt, ...(model ? { model } : {}), aspectRatio, count };

  return (
    <main class="pictures">
      <h1 class="unseen">Pictures</h1>
      <form
        class="order"
        onSubmit={(event) => {
          event.preventDefault();
          void makePictures(input);
        }}
      >
        <textarea
          rows={2}
          aria-label="What the picture is to show"
          placeholder="A quiet harbour at dawn"
          required
          value={prompt}
          onInput={({ currentTarget }) => set({ prompt: currentTarget.value })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            event.currentTarget.form?.requestSubmit();
          }}
        />
        <div class="row end">
          <PictureModel model={model} onPick={(picked) => set({ model: picked })} />
          <label>
            Aspect ratio
            <select value={aspectRatio} onChange={({ currentTarget }) => set({ aspectRatio: currentTarget.value })}>
              {RATIOS.map((ratio) => (
                <option key={ratio}>{ratio}</option>
              ))}
            </select>
          </label>
          <label>
            How many
            <input
              type="number"
              min="1"
              max="10"
              required
              value={count}
              onChange={({ currentTarget }) => set({ count: currentTarget.valueAsNumber || 1 })}
            />
          </label>
          <button
            type="button"
            class="quiet"
            onClick={() => {
              shownQuery.value = toShown('mutation', 'This picture', PictureMutation, { input });
            }}
          >
            Show the query
          </button>
          <button type="submit" class="button primary">
            Make {count === 1 ? 'it' : 'them'}
          </button>
        </div>
        <p role="status" class="soft">
          {underWay.value > 0 && 'Being made …'}
        </p>
      </form>
      <PictureFailure onRetry={() => void makePictures(input)} />
      <Gallery />
    </main>
  );
}

interface PictureModelProps {
  readonly model: string | null;
  readonly onPick: (id: string) => void;
}

function PictureModel({ model, onPick }: PictureModelProps) {
  const [isPicking, setPicking] = useState(false);
  const used = model ?? defaultModel('IMAGE')?.id;
  const known = models.value.find(({ id }) => id === used);
  return (
    <div class="picture-model">
      <button type="button" class="button" aria-haspopup="listbox" onClick={() => setPicking(true)}>
        <HealthDot provider={known && providerOf(known)} /> <span class="unseen">Model:</span> {used ?? 'no model'}
      </button>
      {isPicking && (
        <ModelPicker
          kind="IMAGE"
          onClose={() => setPicking(false)}
          onPick={(picked) => {
            setPicking(false);
            onPick(picked);
          }}
        />
      )}
    </div>
  );
}

function PictureFailure({ onRetry }: { readonly onRetry: () => void }) {
  const failure = pictureFailure.value;
  if (!failure) return null;
  const { title, advice } = (failure.code && FAILURES[failure.code]) ?? { title: 'No picture', advice: '' };
  return (
    <div class="failure" role="alert">
      <strong>{title}</strong>
      <p>{failure.message}</p>
      <p class="soft">
        {advice} <AskedWait until={failure.retryAt} />
      </p>
      <button type="button" class="quiet" onClick={onRetry}>
        <RetryLabel until={failure.retryAt} />
      </button>
    </div>
  );
}
