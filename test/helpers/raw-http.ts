import { connect, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A bare TCP connection to a server, until the test has finished. */
export async function openSocket(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname).on('error', () => {}); // It closes, and that is what tests look at.
  onTestFinished(() => void socket.destroy());
  await new Promise((resolve) => socket.once('connect', resolve));
  return socket;
}

/** Everything that comes until the server ends the connection. */
export async function readAll(socket: Socket): Promise<string> {
  let received = '';
  socket.on('data', (data) => {
    received += data;
  });
  await new Promise((resolve) => socket.once('close', resolve));
  return received;
}

/** The status of the next answer. */
export async function readStatus(socket: Socket): Promise<number> {
  const received = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
  return Number(/^HTTP\/1\.1 (\d+) /.exec(received)?.[1]);
}

/** Sends these lines as the head of a request. */
export async function openWith(url: string, lines: readonly string[]): Promise<Socket> {
  const socket = await openSocket(url);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  return socket;
}

/** The head of a request to upgrade to a WebSocket, without its first line and its host. */
export const UPGRADE = [
  'connection: Upgrade',
  'upgrade: websocket',
  'sec-websocket-version: 13',
  'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol: graphql-transport-ws',
];
