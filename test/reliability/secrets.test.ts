import { describe, expect } from 'vitest';
import { textOf } from '../../src/providers/kit/prompt.ts';
import { overPost, transports } from '../helpers/clients.ts';
import { type Play, startFakeUpstream } from '../helpers/fake-upstream.ts';
import { data, event } from '../helpers/openai-server.ts';
import { startProxy } from '../helpers/proxy.ts';
import { openSilently } from '../helpers/raw-socket.ts';
import { finish, scriptedProvider, text } from '../helpers/scripted-provider.ts';
import { startServer } from '../helpers/server.ts';
import { row } from './row.ts';

/** Planted where they belong; all of them hold the word. */
const SECRET = 'hush';
const upstreamSecrets = {
  apiKey: 'hush-api-key-1',
  header: 'hush-header-2',
  cookie: 'hush-cookie-3',
  proxyUser: 'hush-user-4',
  proxyPassword: 'hush-password-5',
};
const secrets = { ...upstreamSecrets, key: 'hush-caller-key-6' };
const PROMPT = 'hush, a private question';

const says = JSON.stringify({ error: { message: `No: ${Object.values(upstreamSecrets).join(' ')}`, code: 500 } });
const stream = { headers: { 'content-type': 'text/event-stream', 'x-secret': secrets.apiKey } };

/** How an upstream comes to say the secrets that it was sent. */
const plays: Readonly<Record<string, Play>> = {
  'in the body of a 401': ({ reply }) =>
    reply({ status: 401, headers: { 'content-type': 'application/json' }, body: says }),
  'in the HTML of a 502': ({ reply }) =>
    reply({ status: 502, headers: { 'content-type': 'text/html' }, body: `<p>${says}` }),
  'in the address of a redirect': ({ reply }) =>
    reply({ status: 302, headers: { location: `http://127.0.0.1:1/${secrets.apiKey}` } }),
  'in an error inside of a stream': async ({ begin, send, end }) => {
    await begin(stream);
    await send(event({ content: 'Hello' }), data(JSON.parse(says)));
    end();
  },
  'in an event that is malformed': async ({ begin, send, end }) => {
    await begin(stream);
    await send(event({ content: 'Hello' }), `data: {"${secrets.apiKey}\n\n`);
    end();
  },
  'in its headers, and then resets': async ({ begin, send, reset }) => {
    await begin(stream);
    await send(event({ content: 'Hello' }));
    reset();
  },
  'in a content type': ({ reply }) => reply({ headers: { 'content-type': `text/${secrets.apiKey}` }, body: 'Hello' }),
  'in an encoding': ({ reply }) => reply({ headers: { 'content-encoding': secrets.apiKey }, body: 'Hello' }),
  'in a line of HTTP that is none': ({ response }) => response.socket?.end(`HTTP/9.9 ${secrets.apiKey}\r\n\r\n`),
};

const QUERY = `($input: ChatInput!) { %FIELD%(input: $input) { __typename ... on ChatFailed { code message attempts { message } } } }`;
const chat = `subscription ${QUERY.replace('%FIELD%', 'chat')}`;
const complete = `mutation ${QUERY.replace('%FIELD%', 'completeChat')}`;

describe('Secrets', () => {
  for (const [how, play] of Object.entries(plays)) {
    row(
      `what an upstream knows is told to nobody when it says it ${how}`,
      {
        done: 'an API key, a header, a cookie and the credentials of a proxy, echoed by the upstream; a chat over POST, SSE and WebSocket',
        expected: 'none of them, and nothing of the prompt, in any response or any line of the log at level debug',
      },
      async (measure) => {
        const upstream = await startFakeUpstream(play);
        const proxy = await startProxy();
        const acme = {
          type: 'openai-compatible',
          baseUrl: upstream.url,
          models: ['m'],
          apiKey: secrets.apiKey,
          headers: { 'x-own': secrets.header },
          cookie: `session=${secrets.cookie}`,
          proxy: proxy.urlWith(secrets.proxyUser, secrets.proxyPassword),
        };
        const config = { providers: { acme }, auth: { keys: [secrets.key] } };
        const server = await startServer({ config });
        const authorization = { authorization: `Bearer ${secrets.key}` };
        const said: unknown[] = [];
        for (const [way, run] of transports) {
          const variables = { input: { model: 'acme/m', messages: [{ role: 'USER', content: PROMPT }] } };
          said.push(await run(server, { query: way === 'POST' ? complete : chat, variables }, authorization));
        }
        const responses = JSON.stringify(said);
        const log = JSON.stringify(server.log);
        measure(
          `${count(responses)} in ${responses.length} characters of responses, ${count(log)} in ${server.log.length} lines`,
        );
        expect(responses).toContain('ChatFailed');
        expect(upstream.exchanges.length + proxy.requests.length).toBeGreaterThan(0);
        expect(responses).not.toContain(SECRET);
        expect(log).not.toContain(SECRET);
      },
    );
  }

  row(
    'a proxy that cannot be reached is not told of with its credentials',
    { done: 'a chat through a proxy whose port is closed', expected: 'no credential in the failure or the log' },
    async (measure) => {
      const proxy = `http://${secrets.proxyUser}:${secrets.proxyPassword}@127.0.0.1:1`;
      const acme = { type: 'openai-compatible', baseUrl: 'https://upstream.example', models: ['m'], proxy };
      const server = await startServer({ config: { providers: { acme } } });
      const variables = { input: { model: 'acme/m', messages: [{ role: 'USER', content: PROMPT }] } };
      const said = JSON.stringify([await overPost(server, { query: complete, variables }), server.log]);
      measure(`${count(said)}`);
      expect(said).toContain('ChatFailed');
      expect(said).not.toContain(SECRET);
    },
  );

  row(
    'a caller’s key is in no response, close reason or log',
    { done: 'a wrong key over HTTP and WebSocket, and the right one', expected: 'neither of them anywhere' },
    async (measure) => {
      const server = await startServer({ config: { auth: { keys: [secrets.key] } } });
      const said: unknown[] = [];
      for (const key of [secrets.key, 'hush-wrong-key']) {
        const authorization = `Bearer ${key}`;
        said.push(await overPost(server, { query: '{ __typename }' }, { authorization }));
        const { send, closed, next } = await openSilently(server);
        send({ type: 'connection_init', payload: { authorization } });
        said.push(await Promise.race([closed, next()]));
      }
      const all = JSON.stringify([said, server.log]);
      measure(`${count(all)} in ${said.length} answers and the log`);
      expect(all).not.toContain(SECRET);
    },
  );

  row(
    'a bug of ours tells clients nothing of itself',
    {
      done: 'a provider that throws an error with a secret and a path in it, before and after its first part, over POST, SSE and WebSocket',
      expected: 'no secret and no path in a response; the error whole in the log, without the prompt',
    },
    async (measure) => {
      const broken = scriptedProvider(async function* ({ messages }) {
        if (messages.map(textOf)[0]?.endsWith('later')) yield text('Hello');
        if (messages.length > 0) throw new TypeError(`cannot read ${secrets.apiKey} of /etc/${SECRET}`);
        yield finish();
      });
      const server = await startServer({ providers: [broken], config: { defaults: { chat: 'scripted/model' } } });
      const said: unknown[] = [];
      for (const content of [PROMPT, `${PROMPT} later`]) {
        for (const [way, run] of transports) {
          const variables = { input: { messages: [{ role: 'USER', content }] } };
          said.push(await run(server, { query: way === 'POST' ? complete : chat, variables }));
        }
      }
      const responses = JSON.stringify(said);
      const log = JSON.stringify(server.log);
      measure(`${count(responses)} in the responses; ${server.errors().length} errors in the log`);
      expect(responses).not.toContain(SECRET);
      expect(responses).not.toContain('.ts');
      expect(server.errors()).toHaveLength(6);
      expect(log).toContain(secrets.apiKey);
      expect(log).not.toContain(PROMPT);
    },
  );
});

const count = (text: string) => `${text.split(SECRET).length - 1} secrets`;
