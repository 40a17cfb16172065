import * as anthropic from './anthropic-server.ts';
import * as bedrock from './bedrock-server.ts';
import type { Answer, Play } from './fake-upstream.ts';
import * as google from './google-server.ts';
import * as openai from './openai-server.ts';
import * as responses from './responses-server.ts';

/** What a model says in one turn, whoever it is. */
export interface Turn {
  readonly thought: string;
  readonly text: string;
  readonly calls: readonly Call[];
}

interface Call {
  readonly id: string;
  readonly name: string;
  readonly args: object;
}

export interface Speaker {
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
  /** What it answers when it has no room, and what that is. */
  readonly busy: { readonly answer: Answer; readonly code: string; readonly retryAfterMs: number | null };
}

const json = { 'content-type': 'application/json' };
const busy = (status: number, body: object, retryAfterMs: number | null = null, headers: object = {}) => ({
  answer: { status, headers: { ...json, ...headers }, body: JSON.stringify(body) },
  code: status === 429 ? 'RATE_LIMITED' : 'UNAVAILABLE',
  retryAfterMs,
});
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
  busy: busy(529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
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
  busy: busy(
    429,
    {
      error: {
        code: 429,
        message: 'You exceeded your current quota.',
        status: 'RESOURCE_EXHAUSTED',
        details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }],
      },
    },
    34_400,
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
  busy: busy(429, { error: { message: 'Rate limit reached', type: 'requests', code: 'rate_limit_exceeded' } }, 7000, {
    'retry-after': '7',
  }),
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
  busy: busy(503, { message: 'Too many connections' }),
};

/** What is called for Bonn breaks off within its arguments, though the answer does not. */
const toDeltas = (reasoning: readonly object[], { text, calls }: Turn) => [
  ...reasoning.map((delta) => openai.event(delta)),
  ...inText(text).map((content) => openai.event({ content })),
  ...calls.map(({ id, name, args }, index) =>
    openai.event({
      tool_calls: [{ index, id, function: { name, arguments: JSON.stringify(args).replace(/"Bonn"}$/, '"Bo') } }],
    }),
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
  busy: busy(503, { error: { message: 'Server overloaded' } }),
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
export const SPEAKERS: Readonly<Record<string, Speaker>> = {
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
