import { describe, expect } from 'vitest';
import { readImageFile } from '../../src/providers/kit/image-file.ts';
import { overPost } from '../helpers/clients.ts';
import { startFakeUpstream } from '../helpers/fake-upstream.ts';
import { createAcme, DONE, event, readFixture, startAcme } from '../helpers/openai-server.ts';
import { chat, collect, createSettings } from '../helpers/provider-suite.ts';
import { startServer } from '../helpers/server.ts';
import { vastFiles } from '../helpers/vast-files.ts';
import { expectWithin, inMs, row } from './row.ts';

/** The least of three, as the others have the garbage of those before them. */
async function timeOf(bytes: number): Promise<number> {
  const url = `data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJ${'A'.repeat(bytes)}`;
  const body = event({ content: '', images: [{ image_url: { url } }] }, 'stop') + DONE;
  const { upstream } = await startAcme(({ reply }) => reply({ body }));
  const provider = createAcme({ baseUrl: upstream.url }, createSettings({ maxAnswerBytes: 100_000_000 }));
  const times: number[] = [];
  for (const _time of [1, 2, 3]) {
    const begun = performance.now();
    const [first] = await collect(chat(provider));
    times.push(performance.now() - begun);
    expect(first?.type === 'image' && first.image.url.length).toBe(url.length);
  }
  return Math.min(...times);
}

describe('Large answers', () => {
  row(
    'a picture in one event takes time in proportion to its size',
    {
      done: 'a chat whose picture, a data: URI in one event, has 5 MB, and one of 20 MB',
      expected: 'four times the bytes, less than twelve times the time (squared it would be sixteen)',
      isLong: true,
    },
    async (measure) => {
      await timeOf(1_000_000);
      const [small, large] = [await timeOf(5_000_000), await timeOf(20_000_000)];
      measure(`${inMs(small)}, ${inMs(large)}: ${(large / small).toFixed(1)} times`);
      expectWithin(large, 12 * small);
    },
  );

  row(
    'a file of 20 MB that is made to be hard to read is no picture soon',
    { done: vastFiles.map(([what]) => what).join('; '), expected: 'less than 500 ms each', isLong: true },
    async (measure) => {
      const times = vastFiles.map(([, bytes]) => {
        const begun = performance.now();
        try {
          readImageFile(bytes, 'Acme');
        } catch {
          // A picture or not: it is the time that counts.
        }
        return performance.now() - begun;
      });
      measure(`at most ${inMs(Math.max(...times))}`);
      expectWithin(Math.max(...times), 500);
    },
  );

  row(
    'a list of a thousand models is read soon',
    { done: '1,000 models, each with a description of 500 characters', expected: 'known within 1 s', isLong: true },
    async (measure) => {
      const data = Array.from({ length: 1000 }, (_, at) => ({
        id: `maker/model-${at}`,
        description: 'x'.repeat(500),
        architecture: { output_modalities: ['text'] },
      }));
      const upstream = await startFakeUpstream([({ reply }) => reply({ body: JSON.stringify({ data }) }), () => {}]);
      const begun = performance.now();
      const provider = createAcme({ baseUrl: upstream.url, models: 'discover', discoverIntervalMs: 5 });
      await upstream.exchange(1); // The list before has been read.
      const ms = performance.now() - begun;
      measure(inMs(ms));
      expect(provider.models).toHaveLength(1000);
      expectWithin(ms, 1000);
    },
  );

  row(
    'a thousand models are listed with what they can do within 100 ms',
    {
      done: '1,000 models of OpenRouter asked for over POST with all of their capabilities, and those that take pictures, call tools and keep to a schema, five times',
      expected: 'all 1,000, and the 100 of them, the median of each within 100 ms',
    },
    async (measure) => {
      const [listed] = JSON.parse(readFixture('models/openrouter.json')).data;
      const data = Array.from({ length: 1000 }, (_, at) => ({
        ...listed,
        id: `maker/model-${at}`,
        ...(at % 2 === 1 && { architecture: { input_modalities: ['text'], output_modalities: ['text'] } }),
        ...(at % 5 !== 0 && { supported_parameters: ['temperature', 'max_tokens'] }),
      }));
      const upstream = await startFakeUpstream(({ reply }) => reply({ body: JSON.stringify({ data }) }));
      const maker = { type: 'openrouter', apiKey: 'sk-0123456789', baseUrl: upstream.url };
      const server = await startServer({ config: { providers: { maker } } });
      await server.app.modelsListed(AbortSignal.timeout(10_000));

      async function list(args: string): Promise<number> {
        const times: number[] = [];
        let models: unknown;
        for (let time = 0; time < 5; time++) {
          const begun = performance.now();
          const [result] = await overPost(server, { query: `{ models(${args}) { id capabilities { ${ALL} } } }` });
          times.push(performance.now() - begun);
          models = result?.data?.models;
        }
        expect(models).toHaveLength(args.includes('tools') ? 100 : 1000);
        return times.toSorted((a, b) => a - b)[2] ?? 0;
      }

      const all = await list('provider: "maker"');
      const some = await list('provider: "maker", inputs: [TEXT, IMAGE], tools: true, structuredOutput: true');
      measure(`${inMs(all)}, ${inMs(some)}`);
      expectWithin(all, 100);
      expectWithin(some, 100);
    },
  );
});

const ALL = 'options inputs outputs tools structuredOutput reasoning contextWindow maxOutputTokens';
