import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createModelql } from 'modelql';

const [port = '3000'] = process.argv.slice(2);
const modelql = await createModelql({ config: { server: { path: '/ai' } } });

const app = new Hono();
app.all('/ai/*', ({ req }) => modelql.fetch(req.raw));
app.get('/', ({ text }) => text('The rest of the site'));

const server = serve({ fetch: app.fetch, port: Number(port), hostname: '127.0.0.1' }, ({ port }) =>
  console.log(`http://127.0.0.1:${port}/ai`),
);
server.on('upgrade', (request, socket, head) => {
  if (!modelql.upgrade(request, socket, head)) socket.destroy();
});

process.once('SIGTERM', async () => {
  server.close();
  await modelql.close();
  if ('closeAllConnections' in server) server.closeAllConnections();
});
