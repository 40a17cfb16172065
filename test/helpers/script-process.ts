import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';

/** Runs a script in a process that a test can kill; returns with the first message that it sends. */
export async function runScript<T>(script: string, ...args: readonly string[]) {
  const child: ChildProcess = spawn(process.execPath, ['--eval', script, ...args], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const [first] = await once(child, 'message');
  return { child, first: first as T };
}

/** An upstream of AiChats that says a word and no more. Sends its port. */
export const UPSTREAM = `
const server = require('node:http').createServer((request, response) => response.writeHead(200).write('data: Hello\\n'));
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
`;

/** A proxy for requests in absolute form. Sends its port. */
export const PROXY = `
const { createServer, request } = require('node:http');
const server = createServer((incoming, response) => {
  const { method, headers } = incoming;
  const forwarded = request(incoming.url, { method, headers }, (answer) => answer.pipe(response.writeHead(answer.statusCode, answer.headers)));
  incoming.pipe(forwarded);
});
server.listen(0, '127.0.0.1', () => process.send(server.address().port));
`;

/** A client that begins a request, given its URL and body. Sends what it gets first. */
export const CLIENT = `
const [url, body] = process.argv.slice(1);
const headers = { 'content-type': 'application/json', accept: 'text/event-stream' };
const request = require('node:http').request(url, { method: 'POST', headers }, (response) =>
  response.on('data', (data) => { if (String(data).includes('event: next')) process.send(String(data)); }));
request.end(body);
`;
