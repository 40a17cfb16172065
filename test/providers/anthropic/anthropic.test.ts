import { createClaude, end, event, start } from '../../helpers/anthropic-server.ts';
import { describeProvider } from '../../helpers/provider-suite.ts';

const begin = event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
const delta = (text: string) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } });
const stop = event('content_block_stop', { index: 0 });

describeProvider({
  name: 'Anthropic',
  create: createClaude,
  upstream: {
    chat: {
      contentType: 'text/event-stream',
      frames: (texts) => [
        ...texts.map((text, at) => (at === 0 ? start() + begin : '') + delta(text)),
        stop + end('end_turn'),
      ],
      empty: start() + end('end_turn'),
    },
  },
});
