import { describeProvider } from '../../helpers/provider-suite.ts';
import { createResponses, end, MODEL, START, textDelta } from '../../helpers/responses-server.ts';

const MODELS = [MODEL, { name: 'gpt-image-1', kind: 'IMAGE' }];

describeProvider({
  name: 'OpenAI over Responses',
  create: (options, settings) => createResponses({ models: MODELS, ...options }, settings),
  upstream: {
    chat: {
      contentType: 'text/event-stream',
      frames: (texts) => [...texts.map((text, at) => (at === 0 ? START : '') + textDelta(text)), end()],
      empty: START + end(),
    },
    images: { answer: '{"created":1,"data":[{"url":"https://images.example/1.png"}]}', empty: '{"data":[]}' },
  },
});
