import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import express from 'express';
import { createModelql } from 'modelql';

const [port = '3000'] = process.argv.slice(2);
const modelql = await createModelql({ config: { server: { path: '/ai' } } });

const app = express();
app.use('/ai', modelql.listener);
app.get('/', (_request, response) => {
  response.send('The rest of the site');
});

const server = createServer(app);
server.on('upgrade', (request, socket, head) => {
  if (!modelql.upgrade(request, socket, head)) socket.destroy();
});
server.listen(Number(port), '127.0.0.1', () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}/ai`);
});

process.once('SIGTERM', async () => {
  server.close();
  await modelql.close();
  server.closeAllConnections();
});
