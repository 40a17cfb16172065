import { createServer, type IncomingMessage, request as send } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestProxy {
  readonly url: string;
  /** The address with these credentials in it. */
  urlWith(user: string, password: string): string;
  /** The first lines of the requests that arrived, without the version. */
  readonly requests: readonly string[];
  /** The `proxy-authorization` headers that arrived. */
  readonly authorizations: readonly (string | undefined)[];
  /** Connections to it that are open now. */
  readonly openSockets: number;
  /** Resolves with the next request. */
  asked(): Promise<void>;
}

/** What the proxy does with a request to build a tunnel. */
export type OnConnect = (client: Socket, target: string) => unknown;

/** A real proxy on loopback: forwards requests in absolute form, builds tunnels. Every name leads to this machine. */
export async function startProxy({ onConnect = tunnel }: { onConnect?: OnConnect } = {}): Promise<TestProxy> {
  const requests: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const waiting: (() => void)[] = [];

  const record = ({ method, url, headers }: IncomingMessage) => {
    requests.push(`${method} ${url}`);
    authorizations.push(headers['proxy-authorization']);
    for (const resolve of waiting.splice(0)) resolve();
  };

  const server = createServer((request, response) => {
    record(request);
    const { 'proxy-authorization': _ours, ...headers } = request.headers;
    const url = new URL(request.url ?? '');
    url.hostname = '127.0.0.1';
    const forwarded = send(url, { method: request.method ?? 'GET', headers }, (answer) =>
      answer.pipe(response.writeHead(answer.statusCode ?? 502, answer.headers)),
    );
    forwarded.on('error', () => response.destroy());
    response.once('close', () => forwarded.destroy());
    request.pipe(forwarded);
  });
  server.on('connect', (request, client: Socket) => {
    record(request);
    onConnect(client, request.url ?? '');
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).once('close', () => sockets.delete(socket)); // Who resets has left.
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    urlWith: (user, password) => `http://${encodeURIComponent(user)}:${encodeURIComponent(password)}@127.0.0.1:${port}`,
    requests,
    authorizations,
    get openSockets() {
      return sockets.size;
    },
    asked: () => new Promise((resolve) => waiting.push(resolve)),
  };
}

function tunnel(client: Socket, target: string) {
  const upstream = connect(Number(target.split(':').at(-1)), '127.0.0.1', () => {
    client.write('HTTP/1.1 200 Connection established\r\n\r\n');
    client.pipe(upstream).pipe(client);
  });
  upstream.on('error', () => client.destroy()).once('close', () => client.destroy());
  client.once('close', () => upstream.destroy());
}
