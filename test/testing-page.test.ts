import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { overPost, overWebSocket } from './helpers/clients.ts';
import { startServer, type TestServer } from './helpers/server.ts';

const page = readFileSync('docs/testing.md', 'utf8');

/** The code blocks of a language, as they stand there. */
const blocks = (text: string, language: string) =>
  [...text.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g'))].map(([, code = '']) => code);

const [query = ''] = blocks(page, 'graphql');

const examples = page
  .split(/^### /m)
  .slice(1)
  .map((section) => {
    const [variables = '', events = ''] = ['json', 'jsonl'].flatMap((language) => blocks(section, language));
    return {
      title: section.slice(0, section.indexOf('\n')),
      variables: JSON.parse(variables) as { input: { id?: string } },
      events: events
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Event),
    };
  });

type Event = Readonly<Record<string, unknown>>;

/** With pieces that follow each other as one: how many there are is a matter of moments. */
function joined(events: readonly Event[]): readonly Event[] {
  const all: Event[] = [];
  for (const event of events) {
    const last = all.at(-1);
    const key = ['text', 'reasoning', 'piece'].find((one) => one in event && last && one in last);
    if (last && key && last.index === event.index)
      all[all.length - 1] = { ...event, [key]: `${last[key]}${event[key]}` };
    else all.push(event);
  }
  return all;
}

/** Stops a chat once it is there. */
async function cancel(server: TestServer, id: string) {
  const request = { query: 'mutation ($id: ID!) { cancelChat(id: $id) }', variables: { id } };
  await expect.poll(async () => (await overPost(server, request))[0]?.data).toEqual({ cancelChat: true });
}

test.for(examples)('$title', async ({ variables, events }) => {
  const server = await startServer();
  const chat = overWebSocket(server, { query, variables });
  if (variables.input.id) await cancel(server, variables.input.id);
  const told = (await chat).map(({ data, errors }) => {
    expect(errors).toBeUndefined();
    return data?.chat as Event;
  });
  expect(joined(told.filter((event) => Object.keys(event).length > 0))).toEqual(events);
});

test('every kind of step stands in the table', async () => {
  const server = await startServer();
  const input = {
    model: 'local/script',
    messages: [{ role: 'USER', content: 'a' }],
    providerOptions: { local: { script: [{}] } },
  };
  const [result] = await overPost(server, {
    query: 'mutation ($input: ChatInput!) { completeChat(input: $input) { __typename } }',
    variables: { input },
  });
  const [, kinds = ''] = /an object with one of (.*)$/.exec(result?.errors?.[0]?.message ?? '') ?? [];
  const told = [...page.matchAll(/^\| `\{"(\w+)":/gm)].map(([, kind]) => kind);
  expect(told.toSorted()).toEqual(kinds.split(', ').toSorted());
});
