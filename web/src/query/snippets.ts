import { ENDPOINT } from '../client/endpoint.ts';
import { key } from '../client/key.ts';
import type { Shown } from './shown.ts';

const url = () => new URL(ENDPOINT, location.href).href;
const socketUrl = () => url().replace('http', 'ws');
const json = (value: unknown) => JSON.stringify(value, null, 2);
const indent = (text: string) => text.replaceAll('\n', '\n  ');
/** A template literal of JavaScript with this text. */
const literal = (text: string) => `\`${text.replace(/[\\`]|\$\{/g, '\\$&')}\``;
const quote = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;

/** The key itself is never copied along. */
const hasKey = () => key.value !== null;

const headers = ({ kind }: Shown) => ({
  'content-type': 'application/json',
  accept: kind === 'subscription' ? 'text/event-stream' : 'application/json',
  ...(hasKey() ? { authorization: 'Bearer KEY' } : {}),
});

function toCurl(shown: Shown): string {
  const { query, variables } = shown;
  const flags = Object.entries(headers(shown)).map(([name, value]) =>
    value.endsWith(' KEY') ? `  -H "${name}: Bearer $MODELQL_KEY" \\\n` : `  -H ${quote(`${name}: ${value}`)} \\\n`,
  );
  return `curl -N ${url()} \\\n${flags.join('')}  -d ${quote(JSON.stringify({ query, variables }))}`;
}

function toFetch(shown: Shown): string {
  const { kind, query, variables } = shown;
  const read =
    kind === 'subscription'
      ? `// Server-sent events: "event: next" with a result as JSON in "data:", until "event: complete".
for await (const text of response.body.pipeThrough(new TextDecoderStream())) console.log(text);`
      : 'console.log(await response.json());';
  return `const query = ${literal(query)};
const variables = ${json(variables)};

const response = await fetch('${url()}', {
  method: 'POST',
  headers: ${indent(json(headers(shown)))},
  body: JSON.stringify({ query, variables }),
});
${read}`;
}

const socketOptions = () =>
  `{ url: '${socketUrl()}'${hasKey() ? ", connectionParams: { authorization: 'Bearer KEY' }" : ''} }`;
const headerOption = (wrap: (headers: string) => string) => (hasKey() ? wrap("{ authorization: 'Bearer KEY' }") : '');

function toUrql({ kind, query, variables }: Shown): string {
  const call =
    kind === 'subscription'
      ? 'client.subscription(document, variables).subscribe(({ data, error }) => console.log(data ?? error));'
      : 'const { data, error } = await client.mutation(document, variables);\nconsole.log(data ?? error);';
  return `import { Client, fetchExchange, gql, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';

const socket = createClient(${socketOptions()});
const client = new Client({
  url: '${url()}',${headerOption((value) => `\n  fetchOptions: { headers: ${value} },`)}
  preferGetMethod: false,
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: ({ query = '', variables }) => ({
        subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
      }),
    }),
  ],
});

const document = gql${literal(query)};
const variables = ${json(variables)};

${call}`;
}

function toApollo({ kind, query, variables }: Shown): string {
  const isStream = kind === 'subscription';
  const imports = isStream
    ? `import { ApolloClient, gql, InMemoryCache } from '@apollo/client';
import { GraphQLWsLink } from '@apollo/client/link/subscriptions';
import { createClient } from 'graphql-ws';`
    : "import { ApolloClient, gql, HttpLink, InMemoryCache } from '@apollo/client';";
  const link = isStream
    ? `new GraphQLWsLink(createClient(${socketOptions()}))`
    : `new HttpLink({ uri: '${url()}'${headerOption((value) => `, headers: ${value}`)} })`;
  const call = isStream
    ? `client
  .subscribe({ query: document, variables, fetchPolicy: 'no-cache' })
  .subscribe(({ data, error }) => console.log(data ?? error));`
    : 'const { data } = await client.mutate({ mutation: document, variables });\nconsole.log(data);';
  return `${imports}

const client = new ApolloClient({
  cache: new InMemoryCache(),
  link: ${link},
});

const document = gql${literal(query)};
const variables = ${json(variables)};

${call}`;
}

export const SNIPPETS: readonly { readonly name: string; make(shown: Shown): string }[] = [
  { name: 'curl', make: toCurl },
  { name: 'fetch', make: toFetch },
  { name: 'urql', make: toUrql },
  { name: 'Apollo', make: toApollo },
];

/** In the part of the address that is not sent: a long conversation is longer than servers let an address be. */
export function toGraphiQL({ query, variables }: Shown): string {
  return `${ENDPOINT}#${new URLSearchParams({ query, variables: JSON.stringify(variables) })}`;
}
