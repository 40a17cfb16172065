import type { EventPolicy, Sequenced } from '../../src/gateway/journal/event-policy.ts';

/** The events of a journal that is no chat's: words are merged, marks are not. */
export interface WordEvent extends Sequenced {
  readonly type: 'first' | 'word' | 'mark' | 'last';
  readonly text: string;
}

export const first = (seq: number): WordEvent => ({ type: 'first', seq, text: '' });
export const word = (seq: number, text: string): WordEvent => ({ type: 'word', seq, text });
export const mark = (seq: number): WordEvent => ({ type: 'mark', seq, text: '' });
export const last = (seq: number): WordEvent => ({ type: 'last', seq, text: '' });

export const wordPolicy: EventPolicy<WordEvent> = {
  maxWaiting: 100,
  sizeOf: ({ text }) => text.length,
  canMerge: (event, next) => event.type === 'word' && next.type === 'word',
  merge: (event, others) => [event, ...others].reduce((merged, { seq, text }) => word(seq, merged.text + text)),
  isFirst: ({ type }) => type === 'first',
  isLast: ({ type }) => type === 'last',
};
