import { blockStop, createRock, delta, event, metadata, START, STREAM, stop } from '../../helpers/bedrock-server.ts';
import { describeProvider } from '../../helpers/provider-suite.ts';

const END = Buffer.concat([blockStop(0), stop('end_turn'), metadata()]);

describeProvider({
  name: 'Amazon Bedrock',
  create: createRock,
  upstream: {
    chat: {
      contentType: STREAM['content-type'],
      frames: (texts) => [
        ...texts.map((text, at) => Buffer.concat([...(at === 0 ? [START] : []), delta(0, { text })])),
        END,
      ],
      empty: Buffer.concat([START, stop('end_turn'), metadata()]),
      idle: (bytes) => event('somethingNew', {}, 'x'.repeat(bytes)),
    },
  },
});
