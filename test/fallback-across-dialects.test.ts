import { describe, expect, test } from 'vitest';
import type { Run } from './helpers/clients.ts';
import { type FakeUpstream, type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import { startServer, type TestServer } from './helpers/server.ts';
import { SPEAKERS, type Speaker, type Turn } from './helpers/speakers.ts';
import { streams } from './helpers/told.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatStarted { model { id } attempts { code retryAfterMs model { id } } }
    ... on ChatDelta { text }
    ... on ChatToolCall { callId name argumentsText }
    ... on ChatFinished { finishReason continuation object objectProblems }
    ... on ChatFailed { code message }
  }
}`;

/** One of each dialect. */
const MAKERS = Object.entries(SPEAKERS).slice(0, 7);

type Message = Readonly<Record<string, unknown>>;

const TOOLS = [
  { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
  { name: '9-lives' },
];
const BEGIN: readonly Message[] = [
  { role: 'SYSTEM', content: 'Be brief.' },
  { role: 'USER', content: 'How is it?' },
];

/** What is nobody else's: it stands in all that a speaker thinks and signs. */
const markOf = (id: string) => `sealed-by-${id}.`;

/** Three turns of calls, and so many answers. */
function toLoop(id: string, { toId, missing = 'weather' }: Speaker, answers: number): readonly Turn[] {
  const thought = `Hm, ${markOf(id)}`;
  const call = (count: number, name: string, args: object) => ({ id: toId(count), name, args });
  const towns = [call(1, 'weather', { city: 'Oslo', for: id }), call(2, '9-lives', {})];
  return [
    { thought, text: 'Let me see.', calls: towns },
    { thought, text: '', calls: [call(3, 'weather', { city: 'Rome', for: id })] },
    { thought, text: `One more for ${id}.`, calls: [call(4, missing, { city: 'Bonn' })] },
    ...Array.from({ length: answers }, () => ({ thought, text: `Rain everywhere, says ${id}.`, calls: [] })),
  ];
}

interface Stage {
  readonly server: TestServer;
  readonly upstreams: ReadonlyMap<string, FakeUpstream>;
}

async function start(toPlay: (id: string, speaker: Speaker) => Play, more: object = {}): Promise<Stage> {
  const upstreams = new Map<string, FakeUpstream>();
  for (const [id, speaker] of Object.entries(SPEAKERS)) upstreams.set(id, await startFakeUpstream(toPlay(id, speaker)));
  const providers = Object.fromEntries(
    Object.entries(SPEAKERS).map(([id, { entry, model }]) => [
      id,
      { ...entry, baseUrl: upstreams.get(id)?.url, models: [model] },
    ]),
  );
  return { server: await startServer({ config: { providers, ...more } }), upstreams };
}

type Event = Readonly<Record<string, unknown>> & { readonly __typename: string };

async function chat(run: Run, { server }: Stage, input: object): Promise<readonly Event[]> {
  const results = await run(server, { query: CHAT, variables: { input: { tools: TOOLS, ...input } } });
  return results.map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return data?.chat as Event;
  });
}

/** An answer as a client sends it back, and a result for each of its calls. */
function toMessages(events: readonly Event[]): readonly Message[] {
  const ofType = (type: string) => events.filter(({ __typename }) => __typename === type);
  const calls = ofType('ChatToolCall');
  return [
    {
      role: 'ASSISTANT',
      content: ofType('ChatDelta')
        .map(({ text }) => text)
        .join(''),
      toolCalls: calls.map(({ callId, name, argumentsText }) => ({ id: callId, name, argumentsText })),
      continuation: events.at(-1)?.continuation,
    },
    ...calls.map(({ callId }) => ({ role: 'TOOL', toolCallId: callId, content: 'Rain' })),
  ];
}

/** Goes on with a history, so many turns; says how each of them ended. */
async function goOn(run: Run, stage: Stage, id: string, history: Message[], turns: number): Promise<unknown[]> {
  const { model, reasons } = SPEAKERS[id] as Speaker;
  const ends: unknown[] = [];
  for (let turn = 0; turn < turns; turn++) {
    const asked = { model: `${id}/${model}`, messages: history, ...(reasons && { reasoningEffort: 'HIGH' }) };
    const events = await chat(run, stage, asked);
    ends.push(events.at(-1)?.finishReason ?? events.at(-1)?.message);
    history.push(...toMessages(events));
  }
  return ends;
}

const IN_TURN = ['TOOL_CALLS', 'TOOL_CALLS', 'TOOL_CALLS', 'STOP'];

describe.for(streams)('a loop of tools over %s', ([, run]) => {
  test.for(MAKERS)('that %s began is gone on with by all others, and by itself after them', async ([id, maker]) => {
    const others = Object.entries(SPEAKERS).filter(([, { dialect }]) => dialect !== maker.dialect);
    const stage = await start((one, speaker) =>
      speaker.play(toLoop(one, speaker, one === id ? others.length : 1), markOf(one)),
    );
    const begun = [...BEGIN];
    expect(await goOn(run, stage, id, begun, 3)).toEqual(IN_TURN.slice(0, 3));

    for (const [other, { dialect }] of others) {
      const history = [...begun];
      expect([other, await goOn(run, stage, other, history, 4)]).toEqual([other, IN_TURN]);
      history.push({ role: 'USER', content: 'Thank you.' });
      expect([other, await goOn(run, stage, id, history, 1)]).toEqual([other, ['STOP']]);

      const told = stage.upstreams.get(other)?.exchanges.map(({ body }) => body) ?? [];
      expect(told.join()).not.toContain(markOf(id));
      expect([other, told.at(-1)?.includes(markOf(other))]).toEqual([other, dialect !== null]);
      const toldAgain = stage.upstreams.get(id)?.exchanges.at(-1)?.body;
      expect(toldAgain).not.toContain(markOf(other));
      expect(toldAgain).toContain(markOf(id));
    }
    expect(stage.server.errors()).toEqual([]);
  });
});

const PIXEL =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

/** As much as all of them can do. */
const INPUT = {
  model: 'any',
  messages: [
    { role: 'SYSTEM', content: 'Be brief.' },
    { role: 'USER', parts: [{ text: 'Where is this?' }, { image: { url: PIXEL } }] },
  ],
  maxTokens: 4000,
  reasoningEffort: 'LOW',
  responseFormat: { jsonSchema: { schema: { type: 'object', properties: { city: { type: 'string' } } } } },
};

describe.for(streams)('an input that is sent over %s to an alias', ([, run]) => {
  test.for(MAKERS)('is answered by %s where those before it are busy', async ([id, speaker]) => {
    const ids = MAKERS.map(([one]) => one);
    const before = MAKERS.slice(0, ids.indexOf(id));
    const answer = { thought: 'Hm', text: '{"city":"Oslo"}', calls: [] };
    const any = MAKERS.map(([one, { model }]) => `${one}/${model}`);
    const stage = await start(
      (one, { play, busy }) => (one === id ? play([answer], markOf(one)) : ({ reply }) => reply(busy.answer)),
      { aliases: { any } },
    );
    const events = await chat(run, stage, INPUT);
    expect(events[0]).toEqual({
      __typename: 'ChatStarted',
      model: { id: `${id}/${speaker.model}` },
      attempts: before.map(([one, { model, busy }]) => ({
        ...{ code: busy.code, retryAfterMs: busy.retryAfterMs, model: { id: `${one}/${model}` } },
      })),
    });
    expect(events.at(-1)).toMatchObject({ finishReason: 'STOP', object: { city: 'Oslo' }, objectProblems: [] });
    expect(stage.server.errors()).toEqual([]);
  });
});
