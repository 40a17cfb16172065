import { effect, signal } from '@preact/signals';

export interface Place {
  readonly page: 'chat' | 'pictures';
  /** Of the conversation; null for a new one. */
  readonly id: string | null;
}

function read(): Place {
  const [page, id] = location.hash.replace(/^#\/?/, '').split('/');
  return page === 'pictures' ? { page, id: null } : { page: 'chat', id: id || null };
}

export const toHash = ({ page, id }: Place): string => `#/${page}${id ? `/${id}` : ''}`;

/** Where we are, which the address says too. */
export const here = signal<Place>(read());

addEventListener('hashchange', () => {
  here.value = read();
});

effect(() => {
  const hash = toHash(here.value);
  if (location.hash !== hash && (location.hash !== '' || hash !== '#/chat')) location.hash = hash;
});
