import { effect } from '@preact/signals';
import { render } from 'preact';
import { connection } from './client/socket.ts';
import { load } from './conversations/store.ts';
import { followHealth, loadModels } from './models/models.ts';
import { loadGallery } from './pictures/store.ts';
import { App } from './shell/app.tsx';

const root = document.getElementById('app');
if (root) render(<App />, root);

void load();
void loadGallery();
void loadModels();
followHealth();

/** What changed while there was no connection. */
let wasLost = false;
effect(() => {
  if (connection.value === 'open' && wasLost) void loadModels();
  wasLost = connection.value === 'lost';
});
