import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** A real SOCKS5 proxy on loopback that asks for no credentials. Every name leads to this machine. */
export async function startSocksProxy({ refuses = false }: { refuses?: boolean } = {}) {
  const targets: string[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    sockets.add(client.on('error', () => {}));
    client.once('data', () => {
      client.write(Uint8Array.of(5, 0));
      client.once('data', (request: Buffer) => {
        const { host, port } = readTarget(request);
        targets.push(`${host}:${port}`);
        if (refuses) return client.end(Uint8Array.of(5, 5, 0, 1, 0, 0, 0, 0, 0, 0));
        const upstream = connect(port, '127.0.0.1', () => {
          client.write(Uint8Array.of(5, 0, 0, 1, 0, 0, 0, 0, 0, 0));
          client.pipe(upstream).pipe(client);
        });
        upstream.on('error', () => client.destroy()).once('close', () => client.destroy());
        return client.once('close', () => upstream.destroy());
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { url: `socks5://127.0.0.1:${port}`, targets };
}

/** Version, command, nothing, the kind of address, the address, the port. */
function readTarget(request: Buffer) {
  const isName = request[3] === 3;
  const length = request[4] ?? 0;
  const host = isName ? request.toString('latin1', 5, 5 + length) : request.subarray(4, 8).join('.');
  return { host, port: request.readUInt16BE(isName ? 5 + length : 8) };
}
