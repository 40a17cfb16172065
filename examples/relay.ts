import { createClient, type Sink } from 'graphql-ws';
import {
  commitMutation,
  Environment,
  fetchQuery,
  type GraphQLResponse,
  Network,
  Observable,
  RecordSource,
  requestSubscription,
  Store,
} from 'relay-runtime';
import WebSocket from 'ws';
import Chat, {
  type relayOperationsChatSubscription,
} from './generated/relay/relayOperationsChatSubscription.graphql.ts';
import Draw, { type relayOperationsDrawMutation } from './generated/relay/relayOperationsDrawMutation.graphql.ts';
import Models, { type relayOperationsModelsQuery } from './generated/relay/relayOperationsModelsQuery.graphql.ts';

const [url = 'http://127.0.0.1:4000/graphql'] = process.argv.slice(2);
const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket });
const run = ({ text }: { text: string | null | undefined }, variables: Record<string, unknown>) =>
  Observable.create<GraphQLResponse>((sink) => client.subscribe({ query: text ?? '', variables }, sink as Sink));
const environment = new Environment({ network: Network.create(run, run), store: new Store(new RecordSource()) });

const listed = await fetchQuery<relayOperationsModelsQuery>(environment, Models, {}).toPromise();
console.log(listed?.models.map(({ id }) => id).join(' '));

function chat(content: string, enough = Number.POSITIVE_INFINITY): Promise<string> {
  const input = { id: crypto.randomUUID(), messages: [{ role: 'USER' as const, content }] };
  return new Promise((resolve, reject) => {
    let text = '';
    const { dispose } = requestSubscription<relayOperationsChatSubscription>(environment, {
      subscription: Chat,
      variables: { input },
      onNext(data) {
        const event = data?.chat;
        if (event?.__typename === 'ChatStarted') text = '';
        if (event?.__typename === 'ChatDelta') text += event.text;
        if (event?.__typename === 'ChatFailed') reject(new Error(event.message));
        if (text.length < enough) return;
        dispose(); // That stops the model.
        resolve(text);
      },
      onCompleted: () => resolve(text),
      onError: reject,
    });
  });
}
console.log(await chat('I need a holiday'));
console.log(await chat('I need a holiday', 1));

commitMutation<relayOperationsDrawMutation>(environment, {
  mutation: Draw,
  variables: { input: { prompt: 'a harbour' } },
  async onCompleted({ generateImage: result }) {
    if (result.__typename === 'ImageFailed') throw new Error(result.message);
    if (result.__typename === 'GeneratedImages') for (const { url } of result.images) console.log(url.slice(0, 14));
    await client.dispose();
  },
});
