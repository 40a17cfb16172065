import { describe, expect, test } from 'vitest';
import * as anthropic from './helpers/anthropic-server.ts';
import * as bedrock from './helpers/bedrock-server.ts';
import type { Run } from './helpers/clients.ts';
import { type FakeUpstream, type Play, startFakeUpstream } from './helpers/fake-upstream.ts';
import * as google from './helpers/google-server.ts';
import * as openai from './helpers/openai-server.ts';
import * as responses from './helpers/responses-server.ts';
import { startServer, type TestServer } from './helpers/server.ts';
import { streams } from './helpers/told.ts';

const CHAT = `subscription ($input: ChatInput!) {
  chat(input: $input) {
    __typename
    ... on ChatStarted { model { provider { id } }  }
    ... on ChatDelta { text }
    ... on ChatToolCall { callId name argumentsText }
    ... on ChatFinished { finishReason continuation }
    ... on ChatFailed { code message }
  }
}`;

/** What a model says in one turn, whoever it is. */
interface Turn {
  readonly thought: string;
  readonly text: string;
  readonly calls: readonly Call[];
}

interface Call {
  readonly id: string;
  readonly name: string;
  readonly args: object;
}

interface Speaker {
  readonly entry: object;
  readonly model: string;
  /** In which it is told its reasoning again. Null: it is not. */
  readonly dialect: string | null;
  /** Whether it can be asked to reason. */
  readonly reasons: boolean;
  /** What it calls though there is no such tool, where it may do so. */
  readonly missing?: string;
  /** An id of a call, as they are there. */
  toId(count: number): string;
  /** Answers by these turns; what is signed there bears this mark. */
  play(turns: readonly Turn[], mark: string): Play;
}

const inText = (text: string) => (text === '' ? [] : [text]);

const toBlocks = ({ thought, text, calls }: Turn, mark: string, at: number) => [
  { type: 'thinking', thinking: thought, signature: `${mark}-${at}` },
  ...inText(text).map((text) => ({ type: 'text', text })),
  ...calls.map(({ id, name, args }) => ({ type: 'tool_use', id, name, input: args })),
];

const claude: Speaker = {
  entry: { type: 'anthropic', apiKey: 'sk-ant-0123456789' },
  model: 'claude-opus-4-6',
  dialect: 'anthropic',
  reasons: true,
  toId: (count) => `toolu_01${'A'.repeat(20)}${count}`,
  play: (turns, mark) =>
    anthropic.standIn(
      turns.map((turn, at) => ({
        blocks: toBlocks(turn, mark, at),
        stopReason: turn.calls.length > 0 ? 'tool_use' : 'end_turn',
      })),
    ),
};

const gemini: Speaker = {
  entry: { type: 'google', apiKey: 'AIza-0123456789' },
  model: 'gemini-3-flash-preview',
  dialect: 'google',
  reasons: true,
  toId: (count) => `g${count}`,
  play: (turns, mark) =>
    google.standIn(
      turns.map(({ thought, text, calls }, at) => [
        { text: thought, thought: true },
        ...inText(text).map((text) => ({ text, ...(calls.length === 0 && { thoughtSignature: `${mark}-${at}` }) })),
        ...calls.map(({ name, args }, call) => ({
          functionCall: { name: name.replace(/^(?=\d)/, '_'), args },
          ...(call === 0 && { thoughtSignature: `${mark}-${at}` }),
        })),
      ]),
    ),
};

const gpt: Speaker = {
  entry: { type: 'openai', apiKey: 'sk-0123456789' },
  model: 'gpt-5.4',
  dialect: 'responses',
  reasons: true,
  toId: (count) => `call_${'b'.repeat(20)}${count}`,
  play: (turns, mark) =>
    responses.standIn(
      turns.map(({ thought, text, calls }, at) => [
        {
          ...{ type: 'reasoning', id: `rs_${at}`, summary: [{ type: 'summary_text', text: thought }] },
          encrypted_content: `${mark}-${at}`,
        },
        ...inText(text).map((text) => ({
          ...{ type: 'message', role: 'assistant', content: [{ type: 'output_text', text }] },
        })),
        ...calls.map(({ id, name, args }) => ({
          ...{ type: 'function_call', id: `fc_${id}`, call_id: id, name, arguments: JSON.stringify(args) },
        })),
      ]),
    ),
};

const rock: Speaker = {
  entry: { type: 'bedrock', region: 'us-east-1', ...bedrock.KEYS },
  model: 'us.anthropic.claude-opus-4-6-v1:0',
  dialect: 'bedrock',
  reasons: true,
  toId: (count) => `tooluse_${'C'.repeat(20)}${count}`,
  play: (turns, mark) =>
    bedrock.standIn(
      turns.map(({ thought, text, calls }, at) => ({
        blocks: [
          { reasoningContent: { reasoningText: { text: thought, signature: `${mark}-${at}` } } },
          ...inText(text).map((text) => ({ text })),
          ...calls.map(({ id, name, args }) => ({ toolUse: { toolUseId: id, name, input: args } })),
        ],
        stopReason: calls.length > 0 ? 'tool_use' : 'end_turn',
      })),
    ),
};

const toDeltas = (reasoning: readonly object[], { text, calls }: Turn) => [
  ...reasoning.map((delta) => openai.event(delta)),
  ...inText(text).map((content) => openai.event({ content })),
  ...calls.map(({ id, name, args }, index) =>
    openai.event({ tool_calls: [{ index, id, function: { name, arguments: JSON.stringify(args) } }] }),
  ),
  openai.event({}, calls.length > 0 ? 'tool_calls' : 'stop'),
  openai.DONE,
];

const deepseek: Speaker = {
  entry: { type: 'deepseek', apiKey: 'sk-0123456789' },
  model: 'otter',
  dialect: 'chat-completions/reasoning_content',
  reasons: true,
  missing: `functions.weather ${'x'.repeat(80)}`,
  toId: (count) => `functions.weather:${count}`,
  play: (turns) => openai.standIn(turns.map((turn) => toDeltas([{ reasoning_content: turn.thought }], turn))),
};

const openrouter: Speaker = {
  ...deepseek,
  entry: { type: 'openrouter', apiKey: 'sk-0123456789' },
  dialect: 'chat-completions/reasoning_details',
  toId: (count) => `tool_${'long_'.repeat(20)}${count}`,
  play: (turns, mark) =>
    openai.standIn(
      turns.map((turn, at) => {
        const detail = { type: 'reasoning.encrypted', data: `${mark}-${at}`, id: `r${at}`, index: 0 };
        return toDeltas([{ reasoning: turn.thought, reasoning_details: [detail] }], turn);
      }),
    ),
};

const mistral: Speaker = {
  ...deepseek,
  entry: { type: 'mistral', apiKey: 'sk-0123456789' },
  dialect: 'chat-completions/thinking',
  toId: (count) => `D681Pev${10 + count}`,
  play: (turns) =>
    openai.standIn(
      turns.map((turn) => {
        const content = [{ type: 'thinking', thinking: [{ type: 'text', text: turn.thought }] }];
        return toDeltas([{ content }], turn);
      }),
      /^[a-zA-Z0-9]{9}$/,
    ),
};

/** Those who take turns, one of each dialect, and of some dialects others, which want to be asked in another way. */
const SPEAKERS: Readonly<Record<string, Speaker>> = {
  claude,
  gemini,
  gpt,
  rock,
  deepseek,
  openrouter,
  mistral,
  'claude-newest': { ...claude, model: 'claude-opus-5' },
  'claude-budget': { ...claude, model: 'claude-sonnet-4-5' },
  'claude-plain': { ...claude, model: 'claude-3-5-haiku-latest', reasons: false },
  'gemini-unsigned': { ...gemini, model: 'gemini-2.5-flash' },
  'gpt-plain': { ...gpt, model: 'gpt-4o', reasons: false },
  'gpt-chat': {
    ...gpt,
    entry: { ...gpt.entry, api: 'chat' },
    dialect: null,
    play: (turns) =>
      openai.standIn(
        turns.map((turn) => toDeltas([], turn)),
        /^.{1,40}$/,
      ),
  },
  'rock-budget': { ...rock, model: 'anthropic.claude-sonnet-4-5-20250929-v1:0' },
  'rock-nova': { ...rock, model: 'amazon.nova-2-lite-v1:0' },
  'rock-llama': { ...rock, model: 'meta.llama4-maverick-17b-instruct-v1:0', reasons: false },
};
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
