import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { ChatPart, ChatRequest } from '../src/providers/chat.ts';
import { startCuttingProxy } from './helpers/cutting-proxy.ts';
import { runProgram } from './helpers/program.ts';
import { finish, scriptedProvider, text } from './helpers/scripted-provider.ts';
import { startServer } from './helpers/server.ts';

const run = promisify(execFile);

describe('an example with a tool', () => {
  const programs = ['tools-graphql-ws.ts', 'tools-urql.ts', 'tools-apollo.ts'];
  const SIGNED = { dialect: 'scripted', data: 'signed thinking' };
  const call = (index: number) => ({ index, callId: `call-${index}`, name: 'weather' });
  const pieces = (index: number, ...texts: readonly string[]): ChatPart[] =>
    texts.map((piece) => ({ type: 'tool-call-delta', ...call(index), text: piece }));
  const whole = (index: number, argumentsText: string): ChatPart => ({
    type: 'tool-call',
    ...call(index),
    argumentsText,
  });

  /** A model that calls several tools at once, and says how many results it got. */
  async function start() {
    const requests: ChatRequest[] = [];
    const provider = scriptedProvider(async function* (request) {
      requests.push(request);
      const results = request.messages.filter(({ role }) => role === 'TOOL');
      if (results.length > 0) {
        yield text(`${results.length} results.`);
        return yield finish();
      }
      yield text('Let me see. ');
      const [oslo, bergen] = [pieces(0, '{"city":', '"Oslo"}'), pieces(1, '{"town":', '"Bergen"}')];
      for (const [at, piece] of oslo.entries()) yield* [piece, ...bergen.slice(at, at + 1)];
      yield whole(0, '{"city":"Oslo"}');
      yield whole(1, '{"town":"Bergen"}');
      yield finish({ reason: 'TOOL_CALLS', continuation: SIGNED });
    });
    return { server: await startServer({ providers: [provider] }), requests };
  }

  test.for(programs)(
    '%s shows calls as they are written, runs them, sends the results and gets an answer',
    async (program) => {
      const { server, requests } = await start();
      const { stdout, stderr } = await run(process.execPath, [`examples/${program}`, server.url, 'scripted/model']);
      const lines = stdout.split('\n');
      expect(lines.findLast((line) => line.startsWith('… weather {"c'))).toBe('… weather {"city":"Oslo"}');
      expect(lines.findLast((line) => line.startsWith('… weather {"t'))).toBe('… weather {"town":"Bergen"}');
      expect(lines.slice(-4)).toEqual(['weather {"city":"Oslo"}', 'weather {"town":"Bergen"}', '2 results.', '']);
      expect(stderr).toBe('');
      expect(requests).toHaveLength(2);
      expect(requests[0]?.tools).toMatchObject([{ name: 'weather', parameters: { required: ['city'] } }]);
      expect(requests[1]?.messages).toMatchObject([
        { role: 'USER' },
        {
          role: 'ASSISTANT',
          parts: [{ text: 'Let me see. ' }],
          toolCalls: [
            { callId: 'call-0', name: 'weather', argumentsText: '{"city":"Oslo"}' },
            { callId: 'call-1', name: 'weather', argumentsText: '{"town":"Bergen"}' },
          ],
          continuation: SIGNED,
        },
        { role: 'TOOL', callId: 'call-0', isError: false, parts: [{ text: expect.stringContaining('"celsius":12') }] },
        { role: 'TOOL', callId: 'call-1', isError: true, parts: [{ text: expect.stringContaining('city') }] },
      ]);
      expect(server.errors()).toEqual([]);
    },
  );

  test.for(programs)('%s begins its calls anew where its connection was cut within them', async (program) => {
    const { promise: isCut, resolve: goOn } = Promise.withResolvers<void>();
    const requests: ChatRequest[] = [];
    const provider = scriptedProvider(async function* (request) {
      if (requests.push(request) > 1) {
        yield text('Done.');
        return yield finish();
      }
      yield* [...pieces(0, '{"city":"Oslo"}'), whole(0, '{"city":"Oslo"}'), ...pieces(1, '{"city":')];
      await isCut;
      yield* [...pieces(1, '"Bergen"}'), whole(1, '{"city":"Bergen"}')];
      yield finish({ reason: 'TOOL_CALLS' });
    });
    const server = await startServer({ providers: [provider] });
    const { port, cut } = await startCuttingProxy(Number(new URL(server.url).port));
    const url = `http://127.0.0.1:${port}/graphql`;
    const running = runProgram(`examples/${program}`, url, 'scripted/model');
    await expect.poll(running.stdout, { timeout: 10_000 }).toContain('… weather {"city":\n');
    cut();
    goOn();
    expect(await running.exit).toBe(0);
    expect(running.stdout()).toMatch(/Done\.\n$/);
    expect(requests).toHaveLength(2);
    expect(requests[1]?.messages.slice(1)).toMatchObject([
      { role: 'ASSISTANT', toolCalls: [{ argumentsText: '{"city":"Oslo"}' }, { argumentsText: '{"city":"Bergen"}' }] },
      { role: 'TOOL', callId: 'call-0' },
      { role: 'TOOL', callId: 'call-1' },
    ]);
  });

  test.for(programs)('%s talks to local/script, without a network', async (program) => {
    const { url } = await startServer();
    const { stdout, stderr } = await run(process.execPath, [`examples/${program}`, url]);
    expect(stdout).toMatch(/^(… weather .*\n)+weather \{"city":".+"\}\n.*light rain.*\n$/);
    expect(stderr).toBe('');
  });
});
