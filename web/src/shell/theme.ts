import { effect, signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const NAME = 'modelql-theme';
const kept = localStorage.getItem(NAME);

export const theme = signal<Theme>(kept === 'light' || kept === 'dark' ? kept : 'system');

effect(() => {
  localStorage.setItem(NAME, theme.value);
  document.documentElement.style.colorScheme = theme.value === 'system' ? 'light dark' : theme.value;
});
