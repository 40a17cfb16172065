import type { OutgoingHttpHeaders } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import reported from './fixtures/reported-answers.json' with { type: 'json' };
import { overPost } from './helpers/clients.ts';
import { type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { startServer } from './helpers/server.ts';
import { CHAT, streams, told } from './helpers/told.ts';

const IMAGE = `mutation {
  generateImage(input: { prompt: "a cat", model: "acme/painter" }) {
    ... on GeneratedImages { images { url mediaType } }
    ... on ImageFailed { code message }
  }
}`;

/** An answer as somebody reported it. */
interface Reported {
  readonly title: string;
  readonly status: number;
  readonly headers: OutgoingHttpHeaders;
  readonly body: string;
  /** What happens once the body is sent. */
  readonly after:
    | 'end'
    | 'open'
    | 'cut'
    | { readonly wait: number; readonly text: string }
    | { readonly every: number; readonly text: string };
  readonly gzip?: boolean;
  readonly ask?: 'image';
  /** A request without a size gets a picture. */
  readonly unlessSized?: boolean;
  readonly told: object;
}

function playOf({ status, headers, body, after, gzip = false, unlessSized = false }: Reported): Play {
  return async (exchange) => {
    if (unlessSized && !('size' in JSON.parse(exchange.body))) {
      return exchange.reply({ body: '{"data":[{"url":"https://images.example/1.png"}]}' });
    }
    await exchange.begin({ status, headers });
    await exchange.send(gzip ? gzipSync(body) : body);
    if (after === 'end') exchange.end();
    else if (after === 'cut') exchange.breakOff();
    else if (typeof after === 'object') await goOn(exchange, after);
  };
}

async function goOn(exchange: Parameters<Play>[0], after: Extract<Reported['after'], object>): Promise<void> {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  if ('wait' in after) {
    await pause(after.wait);
    await exchange.send(after.text);
    return exchange.end();
  }
  while (!exchange.gone) {
    await exchange.send(after.text);
    await pause(after.every);
  }
}

async function start(answer: Reported) {
  const { url } = await startFakeUpstream(playOf(answer));
  const type = answer.unlessSized ? 'xai' : 'openai-compatible';
  const models = ['writer', { name: 'painter', kind: 'IMAGE' }];
  const acme = { type, name: 'acme', apiKey: 'sk-0123456789', baseUrl: `${url}/v1`, models };
  const isLate = typeof answer.after === 'object' && 'wait' in answer.after;
  const limits = { firstPartTimeoutMs: isLate ? 60_000 : 2_000, idleTimeoutMs: 2_000, finishGraceMs: 500 };
  return startServer({ config: { providers: { acme }, limits } });
}

const all = reported as readonly Reported[];
const messages = [{ role: 'USER', content: 'hi' }];

describe.for(streams)('a reported answer over %s', ([, run]) => {
  test.for(all.filter(({ ask }) => ask === undefined))('$title', async (answer) => {
    const server = await start(answer);
    const results = await run(server, { query: CHAT, variables: { input: { model: 'acme/writer', messages } } });
    expect(told(results)).toMatchObject(answer.told);
  });
});

test.for(all.filter(({ ask }) => ask === 'image'))('a reported picture: $title', async (answer) => {
  const [result] = await overPost(await start(answer), { query: IMAGE });
  const { images } = Object(result?.data).generateImage as { images?: { url: string; mediaType: string | null }[] };
  expect(images).toHaveLength(1);
  if ('mediaType' in answer.told) expect(images?.[0]?.mediaType).toBe(answer.told.mediaType);
});
