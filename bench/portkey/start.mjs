// Starts Portkey's gateway as its own `npm start` does, but on loopback only and on a free port, which it tells.
import { Server } from 'node:net';

const { listen } = Server.prototype;
Server.prototype.listen = function (_port, _host, onListening) {
  return listen.call(this, { port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
    process.send({ port: this.address().port });
    onListening?.();
  });
};
process.on('disconnect', () => process.exit());
await import('@portkey-ai/gateway/build/start-server.js');
